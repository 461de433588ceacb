"""Sharing a zone with other projects below /v2."""
