"""Users, as Keystone shows them."""
