"""Large zones: every way of the workflow publishes the same records, in chunks of the right size."""

from dataclasses import replace

import pytest
from primaries import Hostile, hostile
from support.service import CALLER, primary
from support.texts import LARGE, ZONE
from zonewright.actions import zones
from zonewright.model import ranges
from zonewright.model.change import Counts


@pytest.mark.parametrize(("items", "merging"), [(2000, "MergeRange"), (5, "MergeOneRange")], ids=["staged", "many"])
def test_all_ways_of_the_workflow_publish_the_same_records(service, items, merging):
    with Hostile({ZONE: LARGE}, hostile.messages_of(50), hostile.shuffled()) as server:
        inline = service.create(ZONE, primary(server))
        service.work()
        zones.delete(service, service.zone(inline.id), caller=CALLER)
        service.settings = replace(
            service.settings, inline_bytes=1000, batch_bytes=5000, chunk_bytes=4000, inline_map_items=items
        )
        staged = service.create(ZONE, primary(server))
        status, change = service.work()

    assert service.lines(staged.id) == service.lines(inline.id)
    assert (status, change.records, change.counts) == ("SUCCEEDED", 2009, Counts(created=2007))
    assert len(service.version(staged.id).chunks) > 10
    assert service.machine.visited.count(merging) > 3


@pytest.mark.parametrize("inline", [6_000_000, 1000], ids=["inline", "staged"])
def test_the_chunks_of_a_large_zone_are_larger(service, inline, monkeypatch):
    service.settings = replace(service.settings, inline_bytes=inline, batch_bytes=50_000, chunk_bytes=1000)
    monkeypatch.setattr(ranges, "SMALL", 20)  # so LARGE has a hundred times as many, and chunks ten times as large
    with Hostile({ZONE: LARGE}, hostile.messages_of(50)) as server:
        zone = service.create(ZONE, primary(server))
        service.work()

    sizes = sorted(chunk.size for chunk in service.version(zone.id).chunks)
    assert len(sizes) > 3
    assert sizes[-1] <= 20_000
    assert min(sizes[1:]) > 5000  # what is left at the end of a range may be less


def test_batches_and_ranges_together_decide_which_maps_are_taken(service):
    service.settings = replace(service.settings, inline_bytes=1000, batch_bytes=5000, chunk_bytes=4000)
    with Hostile({ZONE: LARGE}, hostile.messages_of(50)) as server:
        zone = service.create(ZONE, primary(server))
        service.work()
        items = sum(service.machine.visited.count(each) for each in ("ParseBatch", "MergeRange"))
        service.machine.visited.clear()
        for most in (items, items - 1):
            service.settings = replace(service.settings, inline_map_items=most)
            service.sync(zone.id)

    assert [each for each in service.machine.visited if each.startswith("Parse") and each.endswith("Batches")] == [
        "ParseBatches",
        "ParseManyBatches",
    ]
