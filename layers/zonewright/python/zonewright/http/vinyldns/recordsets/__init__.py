"""Record set changes in the VinylDNS API: queries, answers and documentation."""
