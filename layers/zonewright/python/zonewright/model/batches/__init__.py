"""Batch changes of the VinylDNS API: many changes of record sets, in any zones, judged and run together."""
