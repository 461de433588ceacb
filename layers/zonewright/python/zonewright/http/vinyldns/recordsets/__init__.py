"""Record set changes in the VinylDNS API (contract `vinyldns.md`, sections 3.2 and 9)."""
