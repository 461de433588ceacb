"""Errors of callers for tests that ask only for their class."""

import inspect


def of(kind, **values):
    """Return an error of a class. Values that are not among `values` have their name as text."""
    annotated = {name: name.upper() for parent in kind.__mro__ for name in inspect.get_annotations(parent)}
    return kind(**{name: value for name, value in annotated.items() if name != "reasons"} | {"why": "x"} | values)
