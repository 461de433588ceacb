"""Master files (RFC 1035 section 5): read into RR lines, and written from RRset lines."""
