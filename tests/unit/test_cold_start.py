"""The modules that an entry point loads for its first answer. A route loads only the modules that it needs itself."""

import json
import os
import subprocess
import sys

import pytest
from support.places import ROOT

ENTRIES = sorted(
    path.relative_to(ROOT / "functions").with_suffix("").as_posix() for path in ROOT.glob("functions/**/*.py")
)

COSTLY = {"asyncio", "aws_lambda_powertools", "boto3", "dns", "http.client", "pydantic", "ssl"}
"""Modules that take long to import. `dns` stands for all of dnspython."""

LOG = {"aws_lambda_powertools"}
WORKER = LOG | {"dns"}
NEEDED = {
    "designate/create_recordset": {"pydantic"},
    "designate/imports/create_import": {"dns", "pydantic"},
    "designate/create_zone": {"pydantic"},
    "designate/move_recordsets": {"pydantic"},
    "designate/namelists/create_tld": {"pydantic"},
    "designate/namelists/update_tld": {"pydantic"},
    "designate/namelists/create_blacklist": {"pydantic"},
    "designate/namelists/update_blacklist": {"pydantic"},
    "designate/tsigkeys/create_tsig_key": {"pydantic"},
    "designate/quotas/update_quotas": {"pydantic"},
    "designate/tsigkeys/update_tsig_key": {"pydantic"},
    "designate/update_recordset": {"pydantic"},
    "designate/shares/create_share": {"pydantic"},
    "designate/transfers/create_transfer_accept": {"pydantic"},
    "designate/transfers/create_transfer_request": {"pydantic"},
    "designate/transfers/update_transfer_request": {"pydantic"},
    "designate/restore_zone": {"pydantic"},
    "designate/update_zone": {"pydantic"},
    "delivery/deliver": WORKER,
    "edge/import_upload": {"dns", "pydantic"},
    "sweep/contents": LOG,
    "sync/announced": LOG,
    "sync/changed": LOG,
    "sync/dispatch": WORKER,
    "sync/fail": LOG,
    "sync/merge_range": WORKER,
    "sync/parse_batch": WORKER,
    "sync/plan": WORKER,
    "sync/publish": WORKER,
    "sync/stopped": LOG,
    "sync/transfer": WORKER,
}
"""The costly modules that each entry point or route's module loads at once. One that is not here loads none."""

ANSWER = """
from types import SimpleNamespace
from functions.{module} import handler
answer = handler(json.load(open({event!r})), SimpleNamespace(aws_request_id="r"))
assert answer["statusCode"] < 500
"""

CLIENT = """
import os
os.environ["AWS_DEFAULT_REGION"] = "eu-central-1"
from zonewright import service
service.client("dynamodb")
"""

PUBLIC = {
    "edge_versions": "edge/service/routes",
    "edge_docs": "edge/service/routes",
    "edge_openapi": "edge/service/routes",
    "edge_unknown_route": "edge/unknown_route",
}
"""Events without credentials, and the entry points that answer them."""


FORKING = """
import json, os, sys

answers = []
for code in json.loads(sys.argv[1]):
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        try:
            exec(code, {"json": json})
            found = sorted(sys.modules)
        except BaseException as error:
            found = f"{type(error).__name__}: {error}"
        with open(writing, "w") as pipe:
            json.dump(found, pipe)
        os._exit(0)
    os.close(writing)
    with open(reading) as pipe:
        answers.append(json.load(pipe))
    os.waitpid(child, 0)
print(json.dumps(answers))
"""
"""Runs each code in a child process of its own. Children share the modules of this interpreter, and no others."""


def module(entry):
    return entry.replace("/", ".")


def answering(event):
    path = ROOT / "events" / f"{event}.json"
    return ANSWER.format(module=module(PUBLIC[event]), event=str(path))


@pytest.fixture(scope="module")
def loaded():
    """A function that returns the modules of a new interpreter after it ran some code."""
    codes = [f"import functions.{module(entry)}" for entry in ENTRIES] + [*map(answering, PUBLIC), CLIENT]
    environment = {
        "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "layers/zonewright/python")]),
        "TABLE_NAME": "table",
        "BUCKET_NAME": "bucket",
        "POWERTOOLS_SERVICE_NAME": "zonewright",
        "POWERTOOLS_METRICS_NAMESPACE": "zonewright",
    }
    command = [sys.executable, "-c", FORKING, json.dumps(codes)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    found = dict(zip(codes, json.loads(done.stdout.splitlines()[-1]), strict=True))

    def modules(code):
        assert isinstance(found[code], list), found[code]
        return set(found[code])

    return modules


def test_a_child_sees_no_module_of_another(loaded):
    with_dns, without = (loaded(f"import functions.{module(each)}") for each in ("sync/transfer", "sync/fail"))

    assert "functions.sync.transfer" in with_dns - without
    assert "functions.sync.fail" in without - with_dns


@pytest.mark.parametrize("entry", ENTRIES)
def test_an_entry_point_loads_what_its_own_route_needs(loaded, entry):
    modules = loaded(f"import functions.{module(entry)}")

    assert modules & COSTLY == NEEDED.get(entry, set())


@pytest.mark.parametrize("event", PUBLIC)
def test_an_answer_to_anybody_loads_no_client_of_aws(loaded, event):
    more = {"pydantic"} if event == "edge_openapi" else set()  # the document is made of the models

    assert loaded(answering(event)) & COSTLY == LOG | more


def test_a_first_request_loads_no_other_routes_module(loaded):
    modules = loaded(answering("edge_versions"))

    ours = {name for name in modules if name.startswith("functions.edge.service.")}
    assert ours == {"functions.edge.service.routes", "functions.edge.service.versions"}
    assert "zonewright.http.openapi.document" not in modules


def test_a_client_of_aws_is_botocores(loaded):
    modules = loaded(CLIENT)

    assert "botocore" in modules
    assert not modules & {"boto3", "s3transfer"}
