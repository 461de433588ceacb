"""Zonewright: a DNS zone service. docs/architecture.md has the map of the modules."""
