"""Zones below /v2: read bodies, write answers, filter lists, and document the routes."""
