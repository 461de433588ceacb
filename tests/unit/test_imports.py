"""Who may import whom (design, section 2): functions -> http -> verbs -> I/O -> pure, and never back."""

import ast
import sys
from pathlib import Path

import pytest
from support.places import FUNCTIONS, PACKAGE

PURE = {
    "caller",
    "change",
    "clock",
    "cron",
    "diff",
    "dryrun",
    "errors",
    "handover",
    "guards",
    "increments",
    "names",
    "policy",
    "quotas",
    "ranges",
    "recordrules",
    "rrset",
    "schedule",
    "selection",
    "serial",
    "settings",
    "share",
    "states",
    "transfer",
    "tsig",
    "users",
    "version",
    "wire",
    "zone",
    "zonefile",
    "zonetask",
}
INPUT_OUTPUT = {"axfr", "contents", "secrets", "store", "workflow"}
VERBS = {
    "dispatch",
    "dryruns",
    "edit",
    "exports",
    "handovers",
    "history",
    "imports",
    "limits",
    "load",
    "recordsets",
    "restore",
    "shares",
    "sweep",
    "sync",
    "tsigkeys",
    "worker",
    "zones",
    "zonetasks",
}
EDGE = {"auth", "http", "runtime", "task"}
OPERATOR = {"operator"}

MAY = {
    **dict.fromkeys(PURE, PURE),
    **dict.fromkeys(INPUT_OUTPUT, PURE | INPUT_OUTPUT),
    **dict.fromkeys(VERBS, PURE | INPUT_OUTPUT | VERBS),
    "auth": PURE | INPUT_OUTPUT | EDGE - {"runtime", "task"},
    "http": PURE | VERBS | {"auth", "http", "runtime"},
    "runtime": PURE | INPUT_OUTPUT,
    "task": PURE | {"runtime", "workflow"},
    "operator": PURE | INPUT_OUTPUT | {"auth", "sweep"},
}
"""Of each part of the package, the parts it may import."""

FUNCTION_MAY = PURE | VERBS | EDGE | {"workflow"}

OTHERS = {
    **{part: {"dns"} for part in PURE | VERBS},
    **{part: {"botocore", "dns"} for part in INPUT_OUTPUT},
    "auth": set(),
    "http": {"aws_lambda_powertools", "pydantic", "pydantic_core"},
    "task": {"aws_lambda_powertools"},
    "runtime": {"botocore"},
    "operator": {"boto3", "botocore"},
}
"""Of each part, the packages of others it may import."""

MODULES = sorted(
    path.relative_to(PACKAGE).as_posix()
    for path in PACKAGE.rglob("*.py")
    if path.parent != PACKAGE or path.stem != "__init__"
)
ENTRIES = sorted(path.relative_to(FUNCTIONS).as_posix() for path in FUNCTIONS.rglob("*.py"))


def part_of(module):
    return Path(module).parts[0].removesuffix(".py")


def tree(path):
    """A file's syntax without the imports that only mypy sees."""
    parsed = ast.parse(path.read_text())
    for node in ast.walk(parsed):
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
            node.body = []
    return parsed


def imported(path):
    """What a file imports anywhere in it, as dotted names; `from zonewright import x` is `zonewright.x`."""
    found = set()
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module == "zonewright":
            found |= {f"zonewright.{alias.name}" for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.module, f"{path} has a relative import"
            found.add(node.module)
    return found


def parts(found):
    """The parts of our package among imported names, `zonewright.store.zones` being `store`."""
    return {name.split(".")[1] for name in found if name.startswith("zonewright.")}


def others(found):
    """Packages of others among imported names."""
    return {name.split(".")[0] for name in found} - {"zonewright"} - sys.stdlib_module_names


def test_every_module_has_its_place():
    assert {part_of(module) for module in MODULES} == PURE | INPUT_OUTPUT | VERBS | EDGE | OPERATOR


@pytest.mark.parametrize("module", MODULES)
def test_a_module_imports_only_what_is_below_it(module):
    assert parts(imported(PACKAGE / module)) <= MAY[part_of(module)]


@pytest.mark.parametrize("module", MODULES)
def test_a_module_uses_only_the_packages_of_its_place(module):
    assert others(imported(PACKAGE / module)) <= OTHERS[part_of(module)]


@pytest.mark.parametrize("module", ENTRIES)
def test_a_function_imports_only_http_verbs_and_tasks(module):
    found = imported(FUNCTIONS / module)

    assert parts(found) <= FUNCTION_MAY
    assert others(found) <= {"aws_lambda_powertools"}


def reads_environment(path):
    """Whether a file says `os.environ` or `os.getenv`, or takes names out of `os`."""
    nodes = list(ast.walk(tree(path)))
    named = {ast.unparse(node) for node in nodes if isinstance(node, ast.Attribute)}
    return bool(named & {"os.environ", "os.getenv"}) or "os" in {getattr(node, "module", None) for node in nodes}


def test_the_environment_is_read_in_two_places():
    paths = [*PACKAGE.rglob("*.py"), *FUNCTIONS.rglob("*.py")]

    assert sorted(path.name for path in paths if reads_environment(path)) == ["operator.py", "runtime.py"]


def makes_clients(path):
    """Whether a file calls what makes a client of AWS."""
    called = {ast.unparse(node.func) for node in ast.walk(tree(path)) if isinstance(node, ast.Call)}
    return any(name == "boto3.client" or name.endswith(".create_client") for name in called)


def test_aws_clients_are_made_in_two_places():
    paths = [*PACKAGE.rglob("*.py"), *FUNCTIONS.rglob("*.py")]

    assert sorted(path.name for path in paths if makes_clients(path)) == ["operator.py", "runtime.py"]
