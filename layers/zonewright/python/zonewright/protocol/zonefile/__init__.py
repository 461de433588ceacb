"""Master files (RFC 1035 section 5): a reader and a writer."""
