"""Zonewright: a DNS zone service. See README.md for the map of the modules."""
