"""Actions of callers, one module a subject."""
