"""Users in the VinylDNS API (contract `vinyldns.md`, section 10)."""
