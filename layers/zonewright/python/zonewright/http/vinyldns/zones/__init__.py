"""Zones, syncs and the history of zones in the VinylDNS API (contract `vinyldns.md`, sections 3, 5 and 6)."""
