"""Delivery: bring what is published here to the targets of a zone's pool. `turn.py` is where it begins."""
