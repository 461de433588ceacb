"""Projects: the owner groups, as Keystone shows them."""
