import inspect
import re

from zonewright import errors

LINE = re.compile(r"^([│├└─ ]*)([A-Z]\w+(?: \([\w, ]+\))?(?:, [A-Z]\w+(?: \([\w, ]+\))?)*)(?:  |$)")
NAMED = re.compile(r"(\w+)(?: \(([\w, ]+)\))?")


def drawn():
    """Return each class that the tree of the module's docstring draws, with its parent. Those in brackets are below."""
    path, found = [], {}
    for line in errors.__doc__.splitlines()[2:]:
        match = LINE.match(line)
        if not match or not line.strip():
            break
        depth = len(match[1]) // 4
        for name, below in NAMED.findall(match[2]):
            found[name] = path[depth - 1] if depth else "Exception"
            found |= dict.fromkeys(filter(None, below.split(", ")), name)
            path[depth:] = [name]
    return found


def parent(error):
    """Return the nearest class above an error that is not private."""
    return next(each.__name__ for each in error.__mro__[1:] if not each.__name__.startswith("_"))


def test_the_tree_draws_every_error_below_its_parent():
    classes = {
        name: parent(each) for name, each in inspect.getmembers(errors, inspect.isclass) if issubclass(each, Exception)
    }

    assert drawn() == classes
