import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from zonewright.protocol import serial
from zonewright.protocol.serial import HALF, MODULUS

serials = st.one_of(
    st.integers(0, MODULUS - 1), st.sampled_from([0, 1, HALF - 1, HALF, HALF + 1, MODULUS - 2, MODULUS - 1])
)
moments = st.one_of(st.integers(0, 2 * MODULUS), st.sampled_from([0, 1, MODULUS - 1, MODULUS, MODULUS + 1]))


@given(serials, st.integers(1, HALF - 1))
def test_adding_less_than_half_the_space_makes_a_newer_serial(old, step):
    new = (old + step) % MODULUS

    assert serial.newer(new, old)
    assert not serial.newer(old, new)


@given(serials, serials)
def test_of_two_serials_at_most_one_is_newer(one, other):
    undefined = one == other or (one - other) % MODULUS == HALF

    assert serial.newer(one, other) + serial.newer(other, one) == (not undefined)


@given(serials)
def test_a_serial_is_not_newer_than_itself_nor_than_its_opposite(one):
    assert not serial.newer(one, one)
    assert not serial.newer(one, (one + HALF) % MODULUS)


@given(serials, moments)
@example(HALF + 1, MODULUS)
@example(MODULUS - 1, 0)
def test_the_following_serial_is_newer_and_never_zero(old, now):
    new = serial.following(old, now)

    assert serial.newer(new, old)
    assert 0 < new < MODULUS


@pytest.mark.parametrize(
    ("old", "now", "new"),
    [
        pytest.param(None, 1_800_000_000, 1_800_000_000, id="the first is the moment"),
        pytest.param(None, 0, 1, id="the first is not zero"),
        pytest.param(1_700_000_000, 1_800_000_000, 1_800_000_000, id="the moment, if it is newer"),
        pytest.param(1_800_000_000, 1_800_000_000, 1_800_000_001, id="twice in a second"),
        pytest.param(1_900_000_000, 1_800_000_000, 1_900_000_001, id="ahead of the clock"),
        pytest.param(MODULUS - 1, MODULUS - 5, 1, id="round, over zero"),
        pytest.param(4_100_000_000, 1_800_000_000, 1_800_000_000, id="newer across the wrap"),
    ],
)
def test_the_following_serial_is_the_moment_or_one_more(old, now, new):
    assert serial.following(old, now) == new
