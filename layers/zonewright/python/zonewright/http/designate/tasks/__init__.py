"""Imports and exports of zones below /v2 (contract `designate.md`, sections 6 and 7)."""
