"""Dry runs through the deployed stack: a small zone in one function, a large one through the maps."""

import time

import pytest
from primaries import Bind, require

HEAD = """
$TTL 300
@ SOA ns1 hostmaster {serial} 3600 600 86400 300
@ NS ns1
ns1 A 192.0.2.53
"""


def contents(serial, hosts):
    """A zone with so many hosts; the serial is in the address of the first three."""
    lines = [f"h{number} A 10.{number % 3}.{number // 200 % 256}.{number % 200}" for number in range(3, hosts)]
    moving = [f"h{number} A 192.0.2.{serial}" for number in range(3)]
    return HEAD.format(serial=serial) + "\n".join([*moving, *lines]) + "\n"


def ended(api, report):
    """The report of a dry run, once it is over."""
    path = report["links"]["self"].removeprefix(api.url)
    until = time.monotonic() + 120
    while (answer := api.call("GET", path)).body["status"] == "Pending":
        assert time.monotonic() < until
        time.sleep(0.05)
    assert answer.status == 200
    return answer.body


@pytest.mark.parametrize("hosts", [10, 70_000], ids=["small", "large"])
def test_a_pipeline_sees_what_a_sync_would_do_before_it_does_it(api, stranger, name, hosts):
    require(Bind)
    with Bind({name: contents(1, hosts)}) as server:
        zone = api.create(name, f"{server.host}:{server.port}")
        api.synced(zone["id"])
        server.reload(name, contents(2, hosts))
        shown = api.call("GET", f"/v2/zones/{zone['id']}").body

        asked = api.call("POST", f"/zones/{zone['id']}/sync?dryRun=true")
        report = ended(api, asked.body)
        untouched = api.call("GET", f"/v2/zones/{zone['id']}").body
        api.sync(zone["id"])
        change = api.synced(zone["id"])
        again = ended(api, api.call("POST", f"/zones/{zone['id']}/sync?dryRun=true&mode=auto").body)

    assert (asked.status, asked.body["status"]) == (200, "Pending")
    assert untouched == shown
    assert (report["status"], report["inSync"], report["heldSerial"], report["version"]) == ("Complete", False, 1, 1)
    for found in (report, change):
        assert found["sync"].pop("seconds") > 0
    assert report["sync"] == change["sync"]
    assert (report["sync"]["updated"], report["sync"]["unchanged"]) == (4, hosts - 1)
    assert [each["recordSet"]["name"] for each in report["recordSetChanges"]] == [name, "h0", "h1", "h2"]
    assert (again["inSync"], again["version"], again["recordSetChanges"]) == (True, 2, [])
    path = report["links"]["self"].removeprefix(api.url)
    assert stranger.call("GET", path).status == 403
    assert [api.call("GET", f"{path}?maxItems=3&startFrom={at}").body.get("nextId") for at in (0, 3)] == [3, None]
