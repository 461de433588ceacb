"""The errors with a meaning, one module for each subject. `errors.py` has all of them, and their tree."""
