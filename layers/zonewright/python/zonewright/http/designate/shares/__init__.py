"""Shares of zones with other projects below /v2 (contract `designate.md`, section 10)."""
