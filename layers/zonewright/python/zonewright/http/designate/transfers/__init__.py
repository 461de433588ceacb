"""Transfers of zones to other projects below /v2: requests and acceptances (contract `designate.md`, section 10)."""
