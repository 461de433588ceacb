"""DNS as the RFCs define it: names, records, messages, transfers and master files. Pure."""
