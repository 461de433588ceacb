"""Zones and their history in the VinylDNS API: queries, answers and documentation."""
