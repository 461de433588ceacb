"""The OpenStack Designate v2 dialect."""
