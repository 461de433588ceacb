"""The values of the service, and the rules that decide. Pure."""
