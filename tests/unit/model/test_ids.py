"""Ids that carry a moment (RFC 9562 section 5.7)."""

import uuid
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from zonewright import clock
from zonewright.model import ids

MOMENTS = st.datetimes(datetime(1970, 1, 2), datetime(9999, 1, 1)).map(lambda each: each.replace(tzinfo=UTC))  # noqa: DTZ001


@given(MOMENTS, st.integers(0, 2**64 - 1))
def test_an_id_carries_its_moment(moment, chance):
    made = ids.timed(moment, chance)

    assert ids.moment_of(made) == moment
    assert (uuid.UUID(made).version, uuid.UUID(made).variant) == (7, uuid.RFC_4122)


@given(MOMENTS, MOMENTS, st.integers(0, 2**64 - 1), st.integers(0, 2**64 - 1))
def test_ids_sort_as_their_moments_do(one, other, chance, more):
    if one < other:
        assert ids.timed(one, chance) < ids.timed(other, more)


def test_chance_tells_ids_of_one_moment_apart():
    assert len({ids.timed(clock.EPOCH, chance << shift) for shift in (0, 30, 61, 62, 63) for chance in (0, 1)}) == 6


OTHERS = ["", "x", "a86dba58-0043-4cc6-a1bb-69d5e86f3ca3", "A86DBA58-0043-7CC6-A1BB-69D5E86F3CA3", "0" * 36]


@pytest.mark.parametrize("text", OTHERS)
def test_other_ids_carry_none(text):
    assert ids.moment_of(text) is None
