"""Who may import whom: the order of the folders is the rule, so a new file needs no edit here."""

import ast
import functools
import sys
from pathlib import Path

import pytest
from support.places import FUNCTIONS, PACKAGE

ORDER = (
    "faults",
    "errors",
    "clock",
    "protocol",
    "model",
    "store",
    "contents",
    "servers",
    "workflow",
    "deliverer",
    "bus",
    "service",
    "log",
    "metrics",
    "sync",
    "sweep",
    "actions",
    "delivery",
    "background",
    "operations",
    "command",
    "http",
)
"""The floors from the lowest up. Each imports itself and those before it."""

APART = (
    {"contents", "servers"},
    {"sync", "sweep"},
    {"background", "command", "http"},
    {"operations", "background", "http"},
    {"delivery", "background", "http"},
)
"""Neighbours that never import each other."""

EDGES = {
    "http": {"errors", "clock", "protocol", "model", "service", "actions", "log", "metrics"},
    "functions": {
        "errors",
        "model",
        "service",
        "sync",
        "sweep",
        "actions",
        "delivery",
        "log",
        "metrics",
        "background",
        "http",
    },
}
"""The outermost floors do not import the storage."""

OTHERS = {
    "protocol": {"dns"},
    "model": {"re2"},
    "store": {"botocore"},
    "contents": {"botocore"},
    "servers": {"botocore", "dns"},
    "delivery": {"dns"},
    "service": {"botocore"},
    "actions": {"botocore"},
    "log": {"aws_lambda_powertools"},
    "metrics": {"aws_lambda_powertools"},
    "operations": {"yaml"},
    "command": {"boto3", "botocore"},
    "http": {"aws_lambda_powertools", "botocore", "pydantic", "pydantic_core"},
    "functions": {"aws_lambda_powertools"},
}
"""The third-party packages that a floor may import at run time. A floor that is not here imports none."""

MODULES = sorted(path.relative_to(PACKAGE).as_posix() for path in PACKAGE.rglob("*.py") if path.name != "__init__.py")
PACKAGES = sorted(path.relative_to(PACKAGE).as_posix() for path in PACKAGE.rglob("__init__.py"))
ENTRIES = sorted(path.relative_to(FUNCTIONS).as_posix() for path in FUNCTIONS.rglob("*.py"))


def floor_of(module):
    return Path(module).parts[0].removesuffix(".py")


def may_import(floor):
    """Return the floors that a floor may import, itself included."""
    if floor in EDGES:
        return EDGES[floor] | {floor}
    below = set(ORDER[: ORDER.index(floor) + 1])
    return below - {other for group in APART if floor in group for other in group - {floor}}


@functools.cache
def nodes(path):
    """Return all nodes of the syntax tree of a file."""
    return list(ast.walk(ast.parse(path.read_text())))


@functools.cache
def imported(path, *, typing=True):
    """Return the dotted names that a file imports. Without `typing`, leave out imports that only type checkers see."""
    parsed = ast.parse(path.read_text())
    for node in ast.walk(parsed):
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING" and not typing:
            node.body = []
    found = set()
    for node in ast.walk(parsed):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"{path} has a relative import"
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    assert "zonewright" not in found, f"{path} imports the package as a whole"
    return found


def ours(found):
    """Return the names of our package among imported names, without the package: `store.zones.get`."""
    return {name.removeprefix("zonewright.") for name in found if name.startswith("zonewright.")}


def others(found):
    """Return the third-party packages among imported names."""
    return {name.split(".")[0] for name in found} - {"zonewright"} - sys.stdlib_module_names


def test_every_module_is_on_a_floor():
    assert {floor_of(module) for module in MODULES} == set(ORDER)


@pytest.mark.parametrize("module", MODULES)
def test_a_module_imports_only_its_own_floor_and_those_below(module):
    floor = floor_of(module)
    allowed = may_import(floor) | ({"store"} if module.startswith("http/auth/") else set())

    assert {floor_of(name.replace(".", "/")) for name in ours(imported(PACKAGE / module))} <= allowed


@pytest.mark.parametrize("module", MODULES)
def test_a_module_uses_only_the_packages_of_its_floor(module):
    assert others(imported(PACKAGE / module, typing=False)) <= OTHERS.get(floor_of(module), set())


@pytest.mark.parametrize("module", ENTRIES)
def test_a_function_imports_edges_and_verbs_only(module):
    assert {floor_of(name.replace(".", "/")) for name in ours(imported(FUNCTIONS / module))} <= EDGES["functions"]
    assert others(imported(FUNCTIONS / module)) <= OTHERS["functions"]


DIALECTS = {"designate", "keystone", "vinyldns"}


@pytest.mark.parametrize("dialect", sorted(DIALECTS))
def test_a_dialect_imports_no_other(dialect):
    foreign = DIALECTS - {dialect}
    found = {name for path in (PACKAGE / "http" / dialect).rglob("*.py") for name in ours(imported(path))}

    assert not {name for name in found if name.split(".")[:2] in [["http", other] for other in foreign]}


def test_only_bodies_and_the_document_import_pydantic():
    users = {path for path in PACKAGE.rglob("*.py") if "pydantic" in others(imported(path, typing=False))}

    assert users
    assert {path.stem for path in users} == {"body", "bodies", "moves_body", "restore_body"}


PARTS = ("answer", "answers", "doc")
"""The modules of a dialect or a subject from which the API document is made."""


def describes(name):
    """Whether an imported name belongs to a part of the API document, which only the document imports."""
    return name.startswith(("http.openapi.", "http.formats.")) or bool(set(PARTS) & set(name.split(".")))


def test_only_the_document_imports_its_parts():
    users = {
        path for path in (PACKAGE / "http").rglob("*.py") if any(map(describes, ours(imported(path, typing=False))))
    }
    others = {path for path in users if path.stem not in PARTS and path.parent != PACKAGE / "http" / "openapi"}

    assert users
    assert not others


@pytest.mark.parametrize("module", PACKAGES)
def test_a_package_is_a_docstring_only(module):
    (statement,) = ast.parse((PACKAGE / module).read_text()).body

    assert isinstance(statement, ast.Expr)


def places(says):
    """Return the files of the package and of the functions for which `says` is true."""
    files = [path for path in [*PACKAGE.rglob("*.py"), *FUNCTIONS.rglob("*.py")] if says(path)]
    return sorted(path.relative_to(PACKAGE if path.is_relative_to(PACKAGE) else FUNCTIONS).as_posix() for path in files)


def reads_environment(path):
    """Whether a file has `os.environ` or `os.getenv`, or imports names from `os`."""
    named = {ast.unparse(node) for node in nodes(path) if isinstance(node, ast.Attribute)}
    return bool(named & {"os.environ", "os.getenv"}) or "os" in {getattr(node, "module", None) for node in nodes(path)}


def test_the_environment_is_read_in_three_places():
    assert places(reads_environment) == ["command.py", "log.py", "service.py"]


def makes_clients(path):
    """Whether a file imports boto3, or names botocore's method that makes a client of AWS."""
    attributes = {node.attr for node in nodes(path) if isinstance(node, ast.Attribute)}
    return "boto3" in others(imported(path)) or "create_client" in attributes


def test_aws_clients_are_made_in_two_places():
    assert places(makes_clients) == ["command.py", "service.py"]


def imports_by_name(path):
    """Whether a file imports modules whose names it has as text. The rules above do not see them."""
    names = {node.id for node in nodes(path) if isinstance(node, ast.Name)}
    return "__import__" in names or bool({"importlib", "importlib.import_module"} & imported(path))


def test_modules_are_imported_by_name_in_one_place():
    assert places(imports_by_name) == ["http/resource.py"]


WRITERS = {f"servers.{name}" for name in ("changing", "hostedzones", "notify", "serials", "updating")}
"""The modules that write to name servers, tell them, or ask them what they have of it."""


def writes_to_servers(path):
    """Whether a file imports a module that talks to the targets of a delivery."""
    return bool({".".join(name.split(".")[:2]) for name in ours(imported(path, typing=False))} & WRITERS)


def delivers(path):
    """Whether a file imports from the floor that delivers."""
    return any(name.startswith("delivery.") for name in ours(imported(path, typing=False)))


def test_only_the_function_that_delivers_talks_to_targets():
    assert {Path(each).parts[0] for each in places(writes_to_servers)} == {"servers", "delivery"}
    assert [each for each in places(delivers) if not each.startswith("delivery/")] == []
    assert [path.name for path in (FUNCTIONS / "delivery").glob("*.py")] == ["deliver.py"]
