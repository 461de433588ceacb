"""State in DynamoDB: one table, one module an entity, keys from `keys.py` only. Secrets in KMS."""
