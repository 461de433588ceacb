"""From a primary to a published version."""
