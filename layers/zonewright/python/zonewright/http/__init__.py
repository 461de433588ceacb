"""The HTTP edge: events in, one verb, the dialect's answer out."""
