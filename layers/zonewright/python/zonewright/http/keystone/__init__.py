"""The login door: Identity v3, as far as the clients of OpenStack need it (contract `keystone.md`)."""
