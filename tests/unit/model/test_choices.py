from dataclasses import replace

import pytest
from zonewright.model import choices, expressions
from zonewright.model.choices import DEFAULTS, Choices, DottedHosts, GlobalAccess

STAR = DottedHosts("*.org.", users=("ada",), types=("A",), dots=2)
MORE = DottedHosts("*example.org.", users=("bob",), types=("A",), dots=5)
EXACT = DottedHosts("Example.org.", users=("eve",), groups=("dns",), types=("A", "CNAME"), dots=3)
NEVER = r"(a+)+\d"


@pytest.fixture
def impatient(monkeypatch):
    monkeypatch.setattr(expressions, "SECONDS", 0.1)


@pytest.mark.parametrize(
    ("server", "approved"),
    [
        ("ns1.example.net.", True),
        ("NS4.Example.NET.", True),
        ("ns5.example.net.", False),
        ("xns1.example.net.", False),
        ("ns1.example.net.evil.", False),
        ("ns1.example.net", False),
    ],
)
def test_a_name_server_is_approved_by_the_whole_of_its_name(server, approved):
    chosen = Choices(approved_name_servers=(r"other\.", r"ns[1-4]\.example\.net\."))

    assert chosen.approved(server) is approved
    assert chosen.unapproved(["other.", server]) == ([] if approved else [server])


def test_without_a_choice_every_name_server_is_approved_and_nothing_is_of_high_value_or_reviewed():
    assert DEFAULTS.approved("ns1.example.net.")
    assert not DEFAULTS.high_value("A", "www.example.org.")
    assert not DEFAULTS.reviewed("A", "www.example.org.")
    assert not DEFAULTS.reviewed_zone("example.org.")
    assert DEFAULTS.dotted("example.org.") is None


@pytest.mark.parametrize("rule", ["high_value", "reviewed"])
@pytest.mark.parametrize(
    ("record_type", "name", "found"),
    [
        ("A", "bank.example.org.", True),
        ("TXT", "BANK.Example.org.", True),
        ("A", "www.bank.example.org.", False),
        ("A", "bank.example.org.other.", False),
        ("PTR", "192.0.2.1", True),
        ("PTR", "192.0.2.2", False),
        ("PTR", "2001:db8::1", True),
        ("PTR", "2001:DB8:0:0:0:0:0:0001", True),
        ("PTR", "bank.example.org.", False),
        ("A", "192.0.2.1", False),
    ],
)
def test_names_are_found_by_expressions_and_addresses_by_value(rule, record_type, name, found):
    names, addresses = (r"bank\.example\..*org\.", r"bank\.example\.org\."), ("192.0.2.1", "2001:db8::1")
    chosen = Choices(
        high_value_names=names if rule == "high_value" else (),
        high_value_addresses=addresses if rule == "high_value" else (),
        review_names=names if rule == "reviewed" else (),
        review_addresses=addresses if rule == "reviewed" else (),
    )

    assert getattr(chosen, rule)(record_type, name) is found


def test_a_zone_is_reviewed_in_any_case():
    assert Choices(review_zones=("Example.org.",)).reviewed_zone("example.ORG.")


@pytest.mark.usefixtures("impatient")
def test_an_expression_that_takes_too_long_gives_the_stricter_answer():
    text = "a" * 40
    chosen = Choices(
        approved_name_servers=(NEVER,),
        high_value_names=(NEVER,),
        review_names=(NEVER,),
        global_acl=(GlobalAccess(("g",), (NEVER,)),),
    )

    assert not chosen.approved(text)
    assert chosen.high_value("A", text)
    assert chosen.reviewed("A", text)
    assert not chosen.global_access({"g"}, [text])


@pytest.mark.parametrize(
    ("zone", "entry"),
    [
        ("example.org.", EXACT),
        ("EXAMPLE.org.", EXACT),
        ("a.b.org.", STAR),
        ("x.example.org.", STAR),
        ("org.", None),
        ("under_score.org.", None),
        ("example.com.", None),
    ],
)
def test_an_entry_that_names_the_zone_wins_and_else_the_first_that_fits(zone, entry):
    assert Choices(dotted_hosts=(STAR, MORE, EXACT)).dotted(zone) == entry


def test_a_limit_of_no_dots_allows_no_dotted_host():
    assert Choices(dotted_hosts=(STAR, replace(EXACT, dots=0))).dotted("example.org.") is None


@pytest.mark.parametrize(
    ("record_type", "user", "groups", "allowed"),
    [
        ("A", "eve", [], True),
        ("CNAME", "zoe", ["dns", "other"], True),
        ("MX", "eve", ["dns"], False),
        ("A", "zoe", ["other"], False),
        ("A", "zoe", [], False),
    ],
)
def test_a_dotted_host_is_allowed_by_type_and_to_a_user_or_through_a_group(record_type, user, groups, allowed):
    assert EXACT.allows(record_type, user, groups) is allowed


@pytest.mark.parametrize(
    ("record_type", "name", "too_many"),
    [("A", "a.b.c.d", False), ("A", "a.b.c.d.e", True), ("TXT", "a.b.c.d.e", False), ("PTR", "1.2.3.4.5", False)],
)
def test_a_name_has_no_more_dots_than_the_limit_unless_its_type_is_free(record_type, name, too_many):
    assert EXACT.too_many(record_type, name) is too_many


@pytest.mark.parametrize(
    ("groups", "names", "access"),
    [
        ({"g1"}, ["www.example.org."], True),
        ({"g1"}, ["WWW.example.org."], True),
        ({"g1", "g2"}, ["www.example.org.", "www.example.net."], True),
        ({"g1"}, ["www.example.org.", "www.example.net."], False),
        ({"g3"}, ["www.example.org."], False),
        ({"g1"}, ["www.example.org.x."], False),
        ({"g1"}, [], False),
        (set(), ["www.example.org."], False),
    ],
)
def test_global_access_needs_a_group_and_an_expression_for_every_name(groups, names, access):
    acl = (GlobalAccess(("g1",), (r".*\.example\.org\.",)), GlobalAccess(("g2",), (r".*\.example\.net\.",)))

    assert Choices(global_acl=acl).global_access(groups, names) is access


def test_choices_are_read_as_they_were_rendered():
    chosen = Choices(
        email_domains=("example.org",),
        dotted_hosts=(STAR, EXACT),
        global_acl=(GlobalAccess(("g1",), (".*",)),),
        manual_review=False,
        default_ttl=300,
    )

    assert choices.from_document(choices.document(chosen)) == chosen
    assert choices.from_document({"of a later release": 1, "default_ttl": 60}) == Choices(default_ttl=60)
