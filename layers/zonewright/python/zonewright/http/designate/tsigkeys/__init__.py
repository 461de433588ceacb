"""TSIG keys, which sign zone transfers, below /v2."""
