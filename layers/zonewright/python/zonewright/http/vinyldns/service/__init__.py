"""The state of the service in the VinylDNS API (contract `vinyldns.md`, sections 4.5 and 12)."""
