"""Batch changes in the VinylDNS API: bodies and answers (contract `vinyldns-writes.md`, sections 11 to 15)."""
