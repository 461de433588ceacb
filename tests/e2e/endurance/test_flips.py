"""Zones that flip under their readers: nothing mixed. ZONEWRIGHT_FLIPS says how often."""

import os
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest
from primaries import Bind, require, require_dig
from support.deployed import address
from support.executions import Executions
from support.faults import FAULTS, Faults
from support.flipping import INLINE, STAGED, Flipping, exported

FLIPS = int(os.environ.get("ZONEWRIGHT_FLIPS", "2"))


class Readers:
    """Callers that export a zone and page through it, over and over; what they saw in the order they saw it."""

    def __init__(self, api, zone_id, source):
        self._api, self._zone_id, self._source = api, zone_id, source
        self._stop = threading.Event()
        self.serials, self.pages = [], []

    def __enter__(self):
        self._pool = ThreadPoolExecutor(2)
        self._reading = [self._pool.submit(self._export), self._pool.submit(self._page)]
        return self

    def __exit__(self, *_):
        self._stop.set()
        self._pool.shutdown()
        for each in self._reading:
            each.result()

    def _export(self):
        while not self._stop.is_set():
            self.serials.append(self._source.whose(exported(self._api, self._zone_id)))

    def _page(self):
        path = first = f"/v2/zones/{self._zone_id}/recordsets?limit=1000"
        while not self._stop.is_set():
            answer = self._api.call("GET", path)
            assert answer.status == 200, answer.body
            whose = self._source.page_of(answer)
            assert whose, f"a page is of neither content: {path}"
            self.pages.append(whose)
            path = answer.body["links"].get("next", first).removeprefix(self._api.url)

    def wait_for(self, serial, seconds=60):
        """Until the zone was exported under that serial; sooner where a reader has failed."""
        until = time.monotonic() + seconds
        while serial not in self.serials[-1:] and not any(each.done() for each in self._reading):
            assert time.monotonic() < until
            time.sleep(0.01)


def synced(api, zone_id, mode, seconds=300):
    """Sync a zone until a sync succeeds, and return its change. Without faults, the first does."""
    last = api.history(zone_id, 1)[0]["id"]
    until = time.monotonic() + seconds
    while True:
        answer = api.call("POST", f"/zones/{zone_id}/sync?mode={mode}")
        if answer.status == 200:
            change = api.ended(zone_id)
            if change["status"] == "Synced":
                return change
            assert FAULTS.search(change["systemMessage"]), change
        else:  # recently synced, held, or not begun; or begun without an answer
            change = api.history(zone_id, 1)[0]
            if change["id"] != last and change["status"] == "Synced":
                return change
        assert time.monotonic() < until, (answer, change)
        time.sleep(0.1)


@pytest.mark.parametrize("mode", ["axfr", "auto"])
@pytest.mark.parametrize("texts", [INLINE, STAGED], ids=["inline", "staged"])
def test_whoever_reads_while_a_zone_flips_sees_one_content_or_the_other(api, aws, tell, name, texts, mode):
    require(Bind)
    require_dig()
    server = Bind({name: Flipping.text(name, texts, 1)})
    server.increments = True
    faults = Faults()
    before = Counter(faults.struck())
    with server:
        source = Flipping(server, name, texts)
        source.known(1)
        with faults.calm():
            zone = api.create(name, address(server))
            api.synced(zone["id"])
        source.flip()
        source.known(2)
        with Readers(api, zone["id"], source) as readers:
            readers.wait_for(1)
            for flip in range(FLIPS):
                if flip:
                    source.flip()
                change = synced(api, zone["id"], mode)
                assert (change["sync"]["serial"], change["sync"]["records"]) == (
                    source.serial,
                    len(source.known(source.serial)),
                )
                assert change["sync"]["transfer"] == {"axfr": "AXFR", "auto": "IXFR"}[mode]
                readers.wait_for(source.serial)

    tell(f"{mode}, {source.records} records: {FLIPS} flips, {len(readers.serials)} exports, {len(readers.pages)} pages")
    tell(f"faults: {dict(Counter(faults.struck()) - before)}; reads repeated: {dict(api.failures)}")
    assert set(readers.serials) == set(range(1, FLIPS + 2))
    assert readers.serials == sorted(readers.serials)
    assert {parity for whose in readers.pages if len(whose) == 1 for parity in whose} == {0, 1}
    through_maps = "ParseBatches" in Executions(aws).states(change["id"])
    assert through_maps == (texts == STAGED and mode == "axfr")
    assert {each["status"] for each in api.history(zone["id"])} <= {"Synced", *["Failed"] * (faults.share > 0)}
