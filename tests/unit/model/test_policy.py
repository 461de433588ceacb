import signal
from concurrent.futures import ThreadPoolExecutor

import pytest
from zonewright.errors import InvalidTtl, NameBlacklisted, NameOfTld, NameTooShort, NameUnchecked, OverQuota, TldUnknown
from zonewright.model import expressions, policy
from zonewright.model.settings import Settings
from zonewright.model.users import Caller

ANYBODY = Caller("ok", "ok")
SUPER = Caller("root", "root", is_super=True)


def check_name(name, settings, caller):
    policy.check_name(name, settings, caller, slow=pytest.fail)


def settings(**changes):
    return Settings("table", "bucket", **changes)


@pytest.mark.parametrize(
    "name", ["example.org.", "Example.ORG.", "a.b.example.net.", "example.co.uk.", "org.org."], ids=str
)
def test_a_name_below_a_tld_is_allowed(name):
    check_name(name, settings(tlds=("org", "NET.", "co.uk")), ANYBODY)


@pytest.mark.parametrize("name", ["example.com.", "example.uk.", "co.uk.", "CO.UK.", "a.xorg.", "org.a."], ids=str)
@pytest.mark.parametrize("caller", [ANYBODY, SUPER], ids=["anybody", "super"])
def test_a_name_that_is_a_tld_or_below_none_is_refused(name, caller):
    with pytest.raises((NameOfTld, TldUnknown)) as caught:
        check_name(name, settings(tlds=("org", "NET.", "co.uk")), caller)

    assert caught.value.name == name


@pytest.mark.parametrize("name", ["example.com.", "a.b.c.d."])
def test_without_tlds_any_name_of_two_labels_is_allowed(name):
    check_name(name, settings(), ANYBODY)


@pytest.mark.parametrize("name", ["org.", "."])
def test_a_name_of_one_label_is_refused(name):
    with pytest.raises(NameTooShort):
        check_name(name, settings(), SUPER)


BLACKLIST = (r"^([^.]+\.)*evil\.org\.$", r"bank-\d{2,3}")


@pytest.mark.parametrize("name", ["evil.org.", "a.EVIL.org.", "my.bank-12.example.", "Bank-123.org."], ids=str)
def test_a_blacklisted_name_is_refused_to_all_but_super_users(name):
    with pytest.raises(NameBlacklisted):
        check_name(name, settings(blacklist=BLACKLIST), ANYBODY)
    check_name(name, settings(blacklist=BLACKLIST), SUPER)


@pytest.mark.parametrize("name", ["notevil.org.", "evil.org.uk.", "bank-1.org."], ids=str)
def test_what_no_entry_fits_is_allowed(name):
    check_name(name, settings(blacklist=BLACKLIST), ANYBODY)


LONG = "a" * 40 + ".org."


@pytest.fixture
def impatient(monkeypatch):
    monkeypatch.setattr(expressions, "SECONDS", 0.2)


@pytest.mark.usefixtures("impatient")
def test_an_entry_that_takes_too_long_refuses_the_name_and_is_told():
    slow = []
    alarm = signal.getsignal(signal.SIGALRM)

    with pytest.raises(NameUnchecked, match=LONG):
        policy.check_name(LONG, settings(blacklist=("evil", r"^(a+)+\d")), ANYBODY, slow=slow.append)

    assert slow == [r"^(a+)+\d"]
    assert signal.getitimer(signal.ITIMER_REAL) == (0, 0)
    assert signal.getsignal(signal.SIGALRM) is alarm
    policy.check_name(LONG, settings(blacklist=(r"^(a+)+\d",)), SUPER, slow=slow.append)


@pytest.mark.usefixtures("impatient")
def test_a_thread_matches_without_a_bound():
    with ThreadPoolExecutor() as pool:
        done = pool.submit(check_name, "evil.org.", settings(blacklist=("evil",)), ANYBODY)

    assert isinstance(done.exception(), NameBlacklisted)


@pytest.mark.parametrize("caller", [ANYBODY, SUPER], ids=["anybody", "super"])
def test_a_blacklist_that_cannot_be_read_lets_nothing_through_and_names_its_entry(caller):
    with pytest.raises(ValueError, match=r"Blacklist cannot be read: '\(bank' is no regular expression: missing \)"):
        check_name("example.org.", settings(blacklist=("evil", "(bank")), caller)


@pytest.mark.parametrize(("ttl", "caller"), [(300, ANYBODY), (301, ANYBODY), (0, SUPER)])
def test_a_ttl_of_the_minimum_is_allowed_and_to_super_users_any(ttl, caller):
    policy.check_ttl(ttl, settings(min_ttl=300), caller)


def test_a_ttl_below_the_minimum_is_refused():
    with pytest.raises(InvalidTtl) as caught:
        policy.check_ttl(299, settings(min_ttl=300), ANYBODY)

    assert (caught.value.ttl, caught.value.minimum) == (299, 300)


def test_what_the_operator_sets_is_read_as_it_is_written():
    environment = {"TABLE_NAME": "t", "BUCKET_NAME": "b", "TLDS": "org, net", "BLACKLIST": "a{1,3} b", "MIN_TTL": "60"}

    read = Settings.from_environment(environment)

    assert (read.tlds, read.blacklist, read.min_ttl) == (("org", "net"), ("a{1,3}", "b"), 60)


@pytest.mark.parametrize(
    ("attributes", "octets"),
    [
        ({}, 2),
        ({"a": "b"}, 9),
        ({"é": "\U0001f600"}, 13),
        ({'"': ""}, 9),
        ({"a": "b", "c": "d"}, 17),
        ({"\ud800": ""}, 10),
    ],
)
def test_attributes_have_the_octets_of_their_json(attributes, octets):
    policy.check_attributes(attributes, settings(attribute_bytes=octets))

    with pytest.raises(OverQuota, match=f"have {octets} octets as JSON, and may have {octets - 1}"):
        policy.check_attributes(attributes, settings(attribute_bytes=octets - 1))
