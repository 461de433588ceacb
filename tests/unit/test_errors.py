import inspect
import re

from zonewright import errors

LINE = re.compile(r"^([│├└─ ]*)([A-Z]\w+(?:, [A-Z]\w+)*)(?:  |$)")


def drawn():
    """Return each class that the tree of the module's docstring draws, with its parent."""
    path, found = [], {}
    for line in errors.__doc__.splitlines()[2:]:
        match = LINE.match(line)
        if not match or not line.strip():
            break
        depth = len(match[1]) // 4
        names = match[2].split(", ")
        found |= dict.fromkeys(names, path[depth - 1] if depth else "Exception")
        path[depth:] = names[-1:]
    return found


def test_the_tree_draws_every_error_below_its_parent():
    classes = {
        name: each.__base__.__name__
        for name, each in inspect.getmembers(errors, inspect.isclass)
        if issubclass(each, Exception)
    }

    assert drawn() == classes
