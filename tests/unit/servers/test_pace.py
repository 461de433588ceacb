"""The rate of a transfer: what counts, and when it is judged."""

import pytest
from zonewright.errors import TransferTimedOut
from zonewright.servers.connection import Reach
from zonewright.servers.pace import Pace

IDLE, RATE = 30, 100
WINDOW = 60


def answered():
    pace = Pace(Reach((), "53", first=10, idle=IDLE, total=1000, rate=RATE, octets=1))
    pace.answered()
    return pace


def judged(*came):
    """Whether a primary is let go on that sends octets after waits, as (octets, seconds)."""
    pace = answered()
    try:
        for octets, waited in came:
            pace.came(octets, waited, "")
    except TransferTimedOut:
        return False
    return True


@pytest.mark.parametrize(
    ("came", "goes_on"),
    [
        pytest.param([(1, 2)] * 29, True, id="nothing is judged within the first window"),
        pytest.param([(1, 2)] * 30, False, id="a trickle"),
        pytest.param([(WINDOW * RATE, WINDOW)], True, id="the least rate"),
        pytest.param([(WINDOW * RATE - 1, WINDOW)], False, id="an octet less"),
        pytest.param([(6000, 30), (6000, 30), (1, 30), (6000, 30)], True, id="a pause in each window"),
        pytest.param([(10**9, 30), (0, 30), (1, 30), (1, 30)], False, id="a window has no use of those before"),
        pytest.param([(1, 0)] * 100_000, True, id="octets without a wait"),
    ],
)
def test_a_window_has_to_bring_its_octets(came, goes_on):
    assert judged(*came) is goes_on


def test_what_came_is_told_with_the_rate():
    with pytest.raises(TransferTimedOut) as error:
        answered().came(3000, 75, " after 7 records")

    said = "the primary sent 3,000 octets in 75 s after 7 records, and the least rate is 100 a second"
    assert error.value.message == said


def test_no_rate_is_asked_of_the_first_message():
    pace = Pace(Reach((), "53", first=10, idle=IDLE, total=1000, rate=RATE, octets=1))

    pace.came(1, WINDOW, "")
    pace.answered()

    assert 0 < pace.left() <= 1000


def test_the_time_of_the_first_message_is_at_most_that_of_all():
    early = Pace(Reach((), "53", first=10, idle=IDLE, total=4, rate=RATE, octets=1))

    assert 0 < early.left() <= 4
