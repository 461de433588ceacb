"""Who is calling: SigV4 signatures and API tokens."""
