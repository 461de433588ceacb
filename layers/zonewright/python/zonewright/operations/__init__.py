"""What operators do to a running service, with clients of AWS that `command.py` makes."""
