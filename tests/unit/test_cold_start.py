"""What an entry point loads before and for its first answer: a route pays for its own imports, and for no other's."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ENTRIES = sorted(
    path.relative_to(ROOT / "functions").with_suffix("").as_posix() for path in ROOT.glob("functions/**/*.py")
)

COSTLY = {"asyncio", "aws_lambda_powertools", "boto3", "dns", "http.client", "pydantic", "ssl"}
"""Modules that take long to import; `dns` stands for all of dnspython."""

LOG = {"aws_lambda_powertools"}
WORKER = LOG | {"dns"}
NEEDED = {
    "designate/create_recordset": {"pydantic"},
    "designate/imports/create_import": {"dns", "pydantic"},
    "designate/create_zone": {"pydantic"},
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
    "edge/import_upload": {"dns", "pydantic"},
    "sweep/contents": LOG,
    "sync/announced": LOG,
    "sync/dispatch": WORKER,
    "sync/fail": LOG,
    "sync/merge_range": WORKER,
    "sync/parse_batch": WORKER,
    "sync/plan": WORKER,
    "sync/publish": WORKER,
    "sync/stopped": LOG,
    "sync/transfer": WORKER,
}
"""Which of them an entry point, or a route's module, loads at once; one that is not named here loads none."""

ANSWER = """
from types import SimpleNamespace
from functions.{module} import handler
answer = handler(json.load(open({event!r})), SimpleNamespace(aws_request_id="r"))
assert answer["statusCode"] < 500
"""

PUBLIC = {
    "edge_versions": "edge/service/routes",
    "edge_docs": "edge/service/routes",
    "edge_openapi": "edge/service/routes",
    "edge_unknown_route": "edge/unknown_route",
}
"""Events that need no credentials, and the entry points that answer them."""


def loaded(code):
    """The modules of a fresh interpreter that ran `code`."""
    environment = {
        "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "layers/zonewright/python")]),
        "TABLE_NAME": "table",
        "BUCKET_NAME": "bucket",
        "POWERTOOLS_SERVICE_NAME": "zonewright",
    }
    program = f"import json, sys\n{code}\nprint(json.dumps(sorted(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=True)
    return set(json.loads(done.stdout.splitlines()[-1]))


@pytest.mark.parametrize("entry", ENTRIES)
def test_an_entry_point_loads_what_its_own_route_needs(entry):
    modules = loaded(f"import functions.{entry.replace('/', '.')}")

    assert modules & COSTLY == NEEDED.get(entry, set())


@pytest.mark.parametrize("event", PUBLIC)
def test_an_answer_to_anybody_loads_no_client_of_aws(event):
    code = ANSWER.format(module=PUBLIC[event].replace("/", "."), event=str(ROOT / "events" / f"{event}.json"))

    assert loaded(code) & COSTLY == LOG


def test_a_first_request_loads_no_other_routes_module():
    event = str(ROOT / "events" / "edge_versions.json")

    modules = loaded(ANSWER.format(module="edge.service.routes", event=event))

    ours = {name for name in modules if name.startswith("functions.edge.service.")}
    assert ours == {"functions.edge.service.routes", "functions.edge.service.versions"}
    assert "zonewright.http.openapi.document" not in modules


def test_a_client_of_aws_is_botocores():
    code = "from zonewright import service; service.client('dynamodb')"

    modules = loaded(f"import os; os.environ['AWS_DEFAULT_REGION'] = 'eu-central-1'; {code}")

    assert "botocore" in modules
    assert not modules & {"boto3", "s3transfer"}
