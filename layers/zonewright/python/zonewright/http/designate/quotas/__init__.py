"""Quotas of projects, and the limits of the service, below /v2."""
