"""The ids of record sets: in the order of their places, found in few chunks, the same in every release."""

import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st
from zonewright.model import recordsetid
from zonewright.model.recordsetid import candidates, code_of, finder, id_of
from zonewright.model.version import Chunk, index_of

ZONE, OTHER = "1f2d3c4b-5a69-4788-9605-142332415060", "a86dba58-0043-4cc6-a1bb-69d5e86f3ca3"

keys = st.text(recordsetid.CHARACTERS[1:], max_size=24) | st.text("ab0 -", max_size=24)
places = st.builds(lambda key, kind: f"{key}\t{kind}\t", keys, st.sampled_from(["1", "16", "46.1", "257", "65280"]))


@pytest.mark.parametrize(
    ("place", "made"),
    [
        ("\t6\t", "0001b500-0000-8000-8003-ade7e09c977a"),
        ("www\t1\t", "f31ff02b-a10c-8c80-8001-1c3561b4f43c"),
        ("host-0000001 _tcp _sip\t33\t", "7de8457f-c907-8521-ab09-b121e7a1c06d"),
        ("a-name-that-is-longer-than-the-code\t1\t", "41a3256e-41cc-8e71-9df6-b6a5595dfd29"),
    ],
)
def test_the_id_of_a_place_never_changes(place, made):
    assert id_of(ZONE, place) == made


@given(places, places)
def test_ids_are_in_the_order_of_their_places_as_far_as_the_code_goes(one, other):
    low, high = sorted((one, other))

    assert code_of(low) <= code_of(high)
    assert code_of(low) == code_of(high) or id_of(ZONE, low) < id_of(ZONE, high)


@given(places)
def test_an_id_is_a_uuid_of_version_8_of_one_zone(place):
    made = uuid.UUID(id_of(ZONE, place))

    assert (str(made), made.version, made.variant) == (id_of(ZONE, place), 8, uuid.RFC_4122)
    assert id_of(OTHER, place) != id_of(ZONE, place)


@given(st.lists(keys, max_size=20), places)
def test_the_chunk_of_a_place_is_a_candidate_for_its_id(starts, place):
    chunks = [Chunk(start, "", 0, 0, 0, "") for start in sorted({"", *starts})]
    own = chunks[index_of(chunks, place.partition("\t")[0])]

    assert own in candidates(id_of(ZONE, place), chunks)
    assert finder(ZONE, id_of(ZONE, place))(place)


@pytest.mark.parametrize("name", ["host-{:07}", "customer-{:06}", "{:06x}", "{:05} www", "a{:05}.b".replace(".", " ")])
def test_few_chunks_are_candidates_in_a_zone_of_a_million(name):
    owners = sorted(name.format(number) for number in range(0, 1_000_000, 50))
    chunks = [Chunk(start, "", 0, 0, 0, "") for start in ["", *owners[100::100]]]

    for owner in owners[::97]:
        assert len(candidates(id_of(ZONE, f"{owner}\t1\t"), chunks)) <= 2


def of_earlier_releases(place):
    return str(uuid.uuid5(uuid.UUID(ZONE), place))


@given(places, places)
def test_an_id_of_an_earlier_release_is_searched_for_everywhere(place, other):
    chunks = [Chunk(start, "", 0, 0, 0, "") for start in ("", "a", "b")]

    assert candidates(of_earlier_releases(place), chunks) == chunks
    assert finder(ZONE, of_earlier_releases(place))(place)
    assert finder(ZONE, of_earlier_releases(place))(other) == (place == other)


def test_an_id_of_another_version_is_of_no_record_set():
    assert not candidates(str(uuid.uuid4()), [Chunk("", "", 0, 0, 0, "")])


def test_the_shares_of_all_characters_fit_into_the_code():
    for shares in recordsetid.SHARES.values():
        assert sum(shares.get(char, 1) for char in recordsetid.CHARACTERS) <= 1 << recordsetid.SHARE_BITS
        assert shares.keys() <= set(recordsetid.CHARACTERS)
