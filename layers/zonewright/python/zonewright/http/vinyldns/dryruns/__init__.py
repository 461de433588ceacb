"""Dry runs of syncs in the VinylDNS API: answers and documentation. VinylDNS itself has no dry runs."""
