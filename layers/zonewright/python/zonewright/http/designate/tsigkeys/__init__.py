"""TSIG keys below /v2. They sign zone transfers (contract `designate.md`, section 10)."""
