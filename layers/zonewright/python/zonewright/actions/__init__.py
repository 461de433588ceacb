"""Actions of callers, one module for each subject."""
