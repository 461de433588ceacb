from zonewright.model.moves import Conflict, Side, Wanted
from zonewright.protocol import rrset
from zonewright.protocol.types import CNAME, A

TARGET = b"\x01x\x07example\x03net\x00"


def test_a_side_is_compared_as_far_as_it_says():
    line = rrset.to_line("a", CNAME, 60, [TARGET.upper()], notes_text='{"description":"x"}')
    found = rrset.from_line(line)

    assert Side("a.", CNAME, (TARGET,)).shows(found)
    assert Side("a.", CNAME, (TARGET,), ttl=60, description="x", given={"ttl", "description"}).shows(found)
    assert not Side("a.", CNAME, (TARGET,), given={"ttl"}).shows(found)
    assert not Side("a.", CNAME, (TARGET,), given={"description"}).shows(found)
    assert not Side("a.", CNAME, (b"\x00",)).shows(found)


def test_fields_that_are_left_open_stay_as_they_are():
    found = rrset.from_line(rrset.to_line("a", A, 60, [b"1234"], notes_text='{"description":"x"}'))
    open_side = Side("a.", A, (b"5678",))
    full = Side("a.", A, (b"5678",), ttl=None, description=None, given={"ttl", "description"})

    assert (open_side.content(found).ttl, open_side.content(found).description) == (60, "x")
    assert (full.content(found).ttl, full.content(found).description) == (None, None)
    assert (open_side.content(None).ttl, open_side.content(None).description) == (None, None)


def test_a_conflict_says_what_is_different():
    side = Side("a.example.org.", A, (b"1234",))

    assert Conflict(0, Wanted(side, None), None).message == "Record set a.example.org. A does not exist"
