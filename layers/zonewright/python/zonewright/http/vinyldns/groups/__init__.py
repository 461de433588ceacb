"""Groups, their members and their changes in the VinylDNS API (contract `vinyldns-writes.md`, section 10)."""
