"""A deployment over a running sync: functions of two releases meet, one by one."""

import io
import time
import urllib.request
import zipfile

import pytest
from primaries import Hostile, hostile
from support.deployed import SMALL, address
from support.executions import Executions

LARGE = SMALL + "".join(f'h{number} TXT "{number:05} {"x" * 240}" "{"y" * 250}"\n' for number in range(16_000))
"""A zone of 8 MB in messages, which the maps copy."""

STEPS = ("SyncTransfer", "SyncPlan", "SyncParseBatch", "SyncMergeRange", "SyncPublish", "SyncFail")
FORMATS = "python/zonewright/model/formats.py"


class Releases:
    """The functions of the steps of a sync, and a next release of them, with a newer format of staged objects."""

    def __init__(self, client):
        self._client = client
        pages = client.get_paginator("list_functions").paginate()
        names = [each["FunctionName"] for page in pages for each in page["Functions"]]
        self._names = {step: next(name for name in names if step in name) for step in STEPS}
        layers = client.get_function_configuration(FunctionName=self._names["SyncPlan"])["Layers"]
        self._now = [each["Arn"] for each in layers]
        (package,) = [each for each in self._now if "Zonewright" in each.split(":layer:")[1]]
        built = client.publish_layer_version(LayerName="next-release", Content={"ZipFile": self._built(package)})
        self._next = [built["LayerVersionArn"] if each == package else each for each in self._now]

    def _built(self, package):
        """Return the package as its next release builds it."""
        where = self._client.get_layer_version_by_arn(Arn=package)["Content"]["Location"]
        with urllib.request.urlopen(where) as answer:
            old = zipfile.ZipFile(io.BytesIO(answer.read()))
        made = io.BytesIO()
        with zipfile.ZipFile(made, "w") as new:
            for name in old.namelist():
                text = old.read(name)
                if name == FORMATS:
                    assert text.count(b"STAGED = 1") == 1
                    text = text.replace(b"STAGED = 1", b"STAGED = 2")
                if "model/__pycache__/formats." not in name:
                    new.writestr(name, text)
        return made.getvalue()

    def deploy(self, *steps):
        """Replace the functions of some steps by those of the next release."""
        self._set(self._next, steps)

    def restore(self):
        """Let all steps be of this release again."""
        self._set(self._now, STEPS)

    def _set(self, layers, steps):
        for step in steps:
            self._client.update_function_configuration(FunctionName=self._names[step], Layers=layers)


@pytest.fixture
def releases(service, aws):
    releases = Releases(aws("lambda"))
    yield releases
    releases.restore()


def running(api, zone_id):
    """The id of the first sync of a zone."""
    return api.history(zone_id)[-1]["id"]


@pytest.mark.parametrize(
    ("first", "refused"),
    [(("SyncTransfer",), True), (("SyncParseBatch", "SyncMergeRange", "SyncPublish"), False)],
    ids=["the writer first", "the readers first"],
)
def test_a_large_sync_goes_on_while_its_functions_are_replaced(api, name, aws, releases, first, refused):
    executions = Executions(aws)
    releases.deploy(*first)
    with Hostile({name: LARGE}, hostile.messages_of(100)) as server:
        zone = api.create(name, address(server))
        sync_id = running(api, zone["id"])
        until = time.monotonic() + 60
        while refused and "ZoneBusy" not in executions.errors(sync_id):
            assert time.monotonic() < until
            time.sleep(0.2)
        releases.deploy(*STEPS)
        change = api.synced(zone["id"])

    assert (change["sync"]["records"], change["sync"]["created"]) == (16_004, 16_004)
    assert {"ParseBatches", "MergeRanges"} < set(executions.states(sync_id))
    # the emulator ends the worker of a function that is replaced, also one at work; AWS lets it end its invocation
    assert set(executions.errors(sync_id)) <= {"Staged", "ZoneBusy", "Runtime.ExitError"}
