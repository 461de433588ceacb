"""Bounds that keep the code readable: the length of a module, and the positional parameters of a function."""

import ast

import pytest
from support.places import FUNCTIONS, PACKAGE

LONGEST_MODULE = 450
"""Lines. The reader of zone files is longer: the grammar of RFC 1035 is one subject."""

MOST_POSITIONAL = 5
LONGEST_HANDLER = 35
"""Lines of a route's module, with its imports."""

FILES = sorted([*PACKAGE.rglob("*.py"), *FUNCTIONS.rglob("*.py")])
every_file = pytest.mark.parametrize("path", FILES, ids=lambda path: "/".join(path.parts[-3:]))


def lines(path):
    return path.read_text().count("\n")


@every_file
def test_a_module_is_of_a_readable_length(path):
    assert lines(path) <= LONGEST_MODULE or path.parts[-2:] == ("zonefile", "reader.py")


@every_file
def test_a_function_has_few_positional_parameters(path):
    functions = [node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.FunctionDef)]

    for function in functions:
        positional = [each.arg for each in function.args.posonlyargs + function.args.args]
        own = [name for name in positional if name not in {"self", "cls"}]
        assert len(own) <= MOST_POSITIONAL, f"{function.name} takes {', '.join(own)}"


@pytest.mark.parametrize("path", sorted(FUNCTIONS.rglob("*.py")), ids=lambda path: "/".join(path.parts[-3:]))
def test_an_entry_point_is_short(path):
    assert lines(path) <= LONGEST_HANDLER
