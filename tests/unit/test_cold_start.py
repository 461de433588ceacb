"""What an entry point loads before and for its first answer: a route pays for its own imports, and for no other's."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ENTRIES = sorted(
    path.relative_to(ROOT / "functions").with_suffix("").as_posix() for path in ROOT.glob("functions/*/*.py")
)

COSTLY = {"asyncio", "aws_lambda_powertools", "boto3", "dns", "http.client", "pydantic", "ssl"}
"""Modules that take long to import; `dns` stands for all of dnspython."""

LOG = {"aws_lambda_powertools"}
WORKER = LOG | {"dns"}
NEEDED = {
    "designate/create_recordset": {"pydantic"},
    "designate/create_import": {"dns", "pydantic"},
    "designate/create_zone": {"pydantic"},
    "designate/create_tsig_key": {"pydantic"},
    "designate/update_quotas": {"pydantic"},
    "designate/update_tsig_key": {"pydantic"},
    "designate/update_recordset": {"pydantic"},
    "designate/create_share": {"pydantic"},
    "designate/create_transfer_accept": {"pydantic"},
    "designate/create_transfer_request": {"pydantic"},
    "designate/update_transfer_request": {"pydantic"},
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
"""Which of them an entry point loads at once; one that is not named here loads none."""

ANSWER = """
from types import SimpleNamespace
from functions.{module} import handler
answer = handler(json.load(open({event!r})), SimpleNamespace(aws_request_id="r"))
assert answer["statusCode"] < 500
"""


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


@pytest.mark.parametrize(
    ("entry", "more"),
    [
        ("designate/versions", set()),
        ("edge/docs", set()),
        ("edge/openapi", {"pydantic"}),  # the document is made of the models
        ("edge/unknown_route", set()),
    ],
)
def test_an_answer_to_anybody_loads_no_client_of_aws(entry, more):
    event = str(ROOT / "events" / f"{entry.replace('/', '_')}.json")

    modules = loaded(ANSWER.format(module=entry.replace("/", "."), event=event))

    assert modules & COSTLY == LOG | more


def test_a_client_of_aws_is_botocores():
    code = "from zonewright import runtime; runtime.client('dynamodb')"

    modules = loaded(f"import os; os.environ['AWS_DEFAULT_REGION'] = 'eu-central-1'; {code}")

    assert "botocore" in modules
    assert not modules & {"boto3", "s3transfer"}
