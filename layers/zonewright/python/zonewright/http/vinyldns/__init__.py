"""The VinylDNS dialect."""
