"""The lists of zone names below /v2: top-level domains and the blacklist (contract `designate.md`, section 10)."""
