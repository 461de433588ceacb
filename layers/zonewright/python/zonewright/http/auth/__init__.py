"""Authentication of requests by AWS Signature Version 4 or by API token (contract `vinyldns.md`, section 1)."""
