"""Tokens: login, look at, revoke; and the catalog."""
