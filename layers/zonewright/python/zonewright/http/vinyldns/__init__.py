"""The API of VinylDNS, below /zones. One folder a subject: query, view and doc."""
