"""Authentication: AWS SigV4 signatures and API tokens."""
