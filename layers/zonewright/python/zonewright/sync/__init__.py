"""Syncs and dry runs: from a primary to a published version."""
