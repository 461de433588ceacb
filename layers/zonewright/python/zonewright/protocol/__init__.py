"""What the RFCs say: names, records, messages, zone files. Pure."""
