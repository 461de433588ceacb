"""Bodies, views and filters of /v2: recordsets."""
