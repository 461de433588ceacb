import dns.name
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from zonewright.protocol import names

ZONE = names.absolute("example.org.")

labels = st.one_of(
    st.binary(min_size=1, max_size=6),
    st.sampled_from(
        [b"a", b"A", b"ab", b"*", b"_sip", b" ", b"!", b'"', b"\x00", b"\x09", b"}", b"~", b"\x7f", b"\xff"]
    ),
)
owners = st.lists(labels, max_size=5).map(lambda own: dns.name.Name([*own, *ZONE.labels]))
local_parts = st.text("abc.+-_'$!", min_size=1, max_size=12)


@settings(max_examples=500)
@given(owners, owners)
def test_keys_sort_as_names_do(left, right):
    one, other = names.key_of(left, ZONE), names.key_of(right, ZONE)

    assert (one < other, one == other, one > other) == (left < right, left == right, left > right)


@given(owners, st.lists(labels, min_size=1, max_size=3))
def test_a_line_comes_before_those_of_the_names_below_it(owner, below):
    child = dns.name.Name([*below, *owner.labels])

    assert names.key_of(owner, ZONE) + "\t" < names.key_of(child, ZONE)


@settings(max_examples=300)
@given(owners)
def test_a_key_gives_its_owner_name_back_in_lower_case(owner):
    key = names.key_of(owner, ZONE)

    assert names.owner_of(key, ZONE).labels == tuple(label.lower() for label in owner.labels)
    assert key.isascii()
    assert key == "" or key.isprintable()


@given(owners)
def test_the_case_of_a_name_does_not_change_its_key(owner):
    shouted = dns.name.Name([label.upper() for label in owner.labels])

    assert names.key_of(shouted, names.absolute("EXAMPLE.org.")) == names.key_of(owner, ZONE)


@given(st.binary(min_size=1, max_size=63))
def test_an_escaped_label_reads_back(label):
    assert names.unescape_label(names.escape_label(label)) == label


@pytest.mark.parametrize(
    ("owner", "key"),
    [
        pytest.param("example.org.", "", id="apex"),
        pytest.param("eu.example.org.", "eu", id="below"),
        pytest.param("WWW.eu.example.org.", "eu www", id="nested, in capitals"),
        pytest.param("*.example.org.", "*", id="wildcard"),
        pytest.param("a\\.b.example.org.", "a.b", id="dot in a label"),
        pytest.param("a\\032b.example.org.", "a!20b", id="space in a label"),
        pytest.param("!.~.example.org.", "~7e !21", id="the escapes themselves"),
        pytest.param("\\000.\\255.example.org.", "~ff !00", id="lowest and highest octet"),
    ],
)
def test_a_key_is_the_labels_from_the_right(owner, key):
    assert names.key_of(names.absolute(owner), ZONE) == key


@pytest.mark.parametrize("owner", ["example.net.", "org.", "notexample.org.", "."])
def test_a_name_outside_the_zone_has_no_key(owner):
    with pytest.raises(ValueError, match=r"is not in example\.org\."):
        names.key_of(names.absolute(owner), ZONE)


@pytest.mark.parametrize(("text", "labels"), [("a\\.b.c.", (b"a.b", b"c", b"")), ("a", (b"a", b"")), (".", (b"",))])
def test_a_name_is_read_as_absolute(text, labels):
    assert names.absolute(text).labels == labels


@pytest.mark.parametrize("text", ["a..b.", "x" * 64 + ".", "a\\25.", "ab." * 90])
def test_what_is_no_name_is_refused_with_the_text(text):
    with pytest.raises(ValueError, match="is not a name"):
        names.absolute(text)


@pytest.mark.parametrize("text", ["Example.ORG.", "example.org", "EXAMPLE.org"])
def test_a_zone_name_folds_to_lower_case_with_its_dot(text):
    assert names.fold(text) == "example.org."


@pytest.mark.parametrize(
    ("rname", "mailbox"),
    [
        pytest.param("joe.example.org.", "joe@example.org", id="plain"),
        pytest.param("joe\\.doe.example.org.", "joe.doe@example.org", id="dot in the local part"),
        pytest.param("a\\.b\\.c.x.example.org.", "a.b.c@x.example.org", id="two dots"),
        pytest.param("joe\\$x.example.org.", "joe$x@example.org", id="an escape dnspython writes"),
        pytest.param("joe\\\\.example.org.", "joe\\@example.org", id="a backslash"),
        pytest.param(".", "@", id="none"),
    ],
)
def test_an_rname_reads_as_an_address(rname, mailbox):
    assert names.mailbox(rname) == mailbox


@given(local_parts, st.sampled_from(["example.org", "mail.eu.example.net", "localhost"]))
@example("joe.doe", "example.org")
@example("cash$", "example.org")
def test_an_address_survives_the_way_through_an_soa(local, host):
    rname = names.absolute(names.rname(f"{local}@{host}"))

    assert rname.labels[0] == local.encode()
    assert names.mailbox(rname.to_text()) == f"{local}@{host}"


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("example.org.", "org example"),
        ("WWW.Example.ORG.", "org example www"),
        ("a_b.c-d.org.", "org c-d a_b"),
        ("a\\.b.org.", "org a.b"),
        ("a\\032b.org.", "org a!20b"),
        ("a b.org.", "org a!20b"),
        ("ü.org.", "org ~c3~bc"),
        (".", ""),
    ],
)
def test_the_descent_of_a_zone_name_is_its_key_below_the_root(text, key):
    assert names.zone_sort_key(text) == key


@given(owners)
def test_a_descent_is_the_key_of_the_name_below_the_root(name):

    assert names.zone_sort_key(name.to_text()) == names.key_of(name, dns.name.root)
