"""Record sets below /v2: bodies, answers, lists and documentation (contract `designate.md`, section 9)."""
