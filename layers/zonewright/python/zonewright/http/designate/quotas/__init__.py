"""Quotas of projects, and limits of the service, below /v2 (contract `designate.md`, section 10)."""
