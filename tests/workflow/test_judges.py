"""Exports of copied zones: the name servers' own programs accept them, and they say what the primary said."""

import pytest
from primaries import Bind, corpus, require, require_signing, sent, signing
from support.judges import judge
from support.service import primary
from zonewright.actions import exports
from zonewright.model.change import ChangeStatus

UNSIGNED = corpus.zones() | corpus.odd() | {"big.example.": corpus.big(500, 7)}

DISLIKED = {
    ("kzonecheck", "odd.example."): "invalid algorithm in DS",
    ("kzonecheck", "nsec3.sets.example."): "no valid signature for a record (record type TXT)",
}
"""What a judge has against the data themselves: a DS of algorithm 0, and a signed RRset of 60 KiB, too large for it."""


@pytest.fixture(scope="module")
def bind():
    """BIND as the primary of every zone. It keeps the case of names and the TTLs of signatures."""
    require(Bind)
    require_signing()
    with Bind(UNSIGNED | signing.zones()) as server:
        yield server


def judged(zone, file):
    """Return what the judges have against the file of a zone, apart from what they dislike in its data."""
    judges = ["named-checkzone", "kzonecheck", "nsd-checkzone", *(["dnssec-verify"] if zone in signing.NAMES else [])]
    said = {each: judge(each, zone, file) for each in judges}
    return {
        each: text for each, (code, text) in said.items() if code and DISLIKED.get((each, zone), "nothing") not in text
    }


@pytest.mark.primary
@pytest.mark.parametrize(
    ("zone", "as_link"),
    [
        *((zone, False) for zone in (*UNSIGNED, *signing.NAMES)),
        ("names.example.", True),
        ("nsec3.types.example.", True),
    ],
)
def test_an_export_is_accepted_and_served_as_the_primary_serves_the_zone(
    service, bind, zone, as_link, tmp_path, monkeypatch
):
    if as_link:
        monkeypatch.setattr(exports, "INLINE_BYTES", 0)
    made = service.create(zone, primary(bind))
    _, change = service.work()
    made = service.zone(made.id)
    found = exports.version(service, made)
    export = exports.export(service, made, found)
    text = export.text or service.bucket.get(f"exports/{made.id}/{found.number}-{made.ttl}").decode()

    file = tmp_path / "zone"
    file.write_text(text)

    assert (change.status, export.link is not None) == (ChangeStatus.SYNCED, as_link)
    assert judged(zone, file) == {}
    with Bind({zone: text}) as again:
        assert sent.axfr(again, zone) == sent.axfr(bind, zone)
