"""Pools of name servers below /v2: answers and documentation (contract `designate.md`, section 10)."""
