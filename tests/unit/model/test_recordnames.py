"""Names of record sets relative to their zone (contract `vinyldns-writes.md`, section 3)."""

import pytest
from zonewright.model import recordnames


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("@", "example.org."),
        ("example.org.", "example.org."),
        ("Example.ORG", "example.org."),
        ("www", "www"),
        ("WWW", "WWW"),
        ("www.Example.org.", "www"),
        ("a.b.example.org.", "a.b"),
        ("www.example.org", "www.example.org"),
        ("a.b", "a.b"),
        ("a.", "a."),
        ("*", "*"),
        ("*.a", "*.a"),
    ],
)
def test_the_name_that_is_stored(sent, kept):
    assert recordnames.stored(sent, "example.org.") == kept


def test_a_dotted_host_is_below_the_apex():
    assert recordnames.is_dotted("a.b", "example.org.")
    assert not recordnames.is_dotted("a", "example.org.")
    assert not recordnames.is_dotted("Example.org.", "example.org.")


@pytest.mark.parametrize(
    ("name", "place"),
    [
        ("example.org.", ("", None)),
        ("www", ("www", None)),
        ("Www", ("www", "Www")),
        ("a.B", ("b a", "a B")),
        ("*", ("*", None)),
    ],
)
def test_the_place_of_a_name(name, place):
    assert recordnames.place_of(name, "example.org.") == place


@pytest.mark.parametrize("name", ["a..b", "x" * 64, "a.", "é"])
def test_what_is_no_name_has_no_place(name):
    with pytest.raises(ValueError, match=r"name|ASCII"):
        recordnames.place_of(name, "example.org.")
