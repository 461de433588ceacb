"""State in DynamoDB: one table, one module per entity, keys from `keys.py` only."""
