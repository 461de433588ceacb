"""Dry runs of syncs, an addition to the VinylDNS API: answers and documentation."""
