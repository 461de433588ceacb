from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from zonewright.errors import Invalid
from zonewright.model import choices, settingsfile
from zonewright.model.choices import TYPES, Choices, DottedHosts, GlobalAccess
from zonewright.model.namelists import Entry, NameList
from zonewright.model.settingsfile import Settled

NOW = datetime(2026, 1, 15, 12, 34, 56, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)
EMPTY = Settled(Choices(), {NameList.TLDS: (), NameList.BLACKLIST: ()})
FILE = """
approved_name_servers: ['ns[1-4]\\.example\\.net\\.']
email_domains: [example.org, '*example.net']
email_dots: 3
high_value_names: ['bank\\..*']
high_value_addresses: [192.0.2.1, '2001:DB8:0::1']
manual_review: false
review_names: ['review.*']
review_addresses: ['192.0.2.2']
review_zones: [Review.example.org]
scheduled_changes: false
dotted_hosts:
- {zone: '*.example.org', users: [ada], groups: [dns], types: [A, CNAME], dots: 3}
- {zone: example.net., types: [TXT], dots: 1}
shared_types: [A, PTR]
global_acl:
- {groups: [g1, g2], names: ['.*\\.example\\.org\\.']}
batch_changes: 500
default_ttl: 300
least_nibbles: 8
most_nibbles: 16
tlds: [org, {name: co.uk, description: The United Kingdom}]
blacklist: ['^bank\\.', {pattern: evil, description: harmful}]
"""
CHOSEN = Choices(
    approved_name_servers=(r"ns[1-4]\.example\.net\.",),
    email_domains=("example.org", "*example.net"),
    email_dots=3,
    high_value_names=(r"bank\..*",),
    high_value_addresses=("192.0.2.1", "2001:db8::1"),
    manual_review=False,
    review_names=("review.*",),
    review_addresses=("192.0.2.2",),
    review_zones=("Review.example.org.",),
    scheduled_changes=False,
    dotted_hosts=(
        DottedHosts("*.example.org.", ("ada",), ("dns",), ("A", "CNAME"), 3),
        DottedHosts("example.net.", types=("TXT",), dots=1),
    ),
    shared_types=("A", "PTR"),
    global_acl=(GlobalAccess(("g1", "g2"), (r".*\.example\.org\.",)),),
    batch_changes=500,
    default_ttl=300,
    least_nibbles=8,
    most_nibbles=16,
)


def read(text, present=EMPTY):
    return settingsfile.read(yaml.safe_load(text), present, NOW)


def reasons(text):
    """What is wrong with a file, in the order of the text."""
    with pytest.raises(Invalid) as caught:
        read(text)
    return sorted(each.message for each in caught.value.reasons)


def test_every_setting_is_read():
    settled = read(FILE)

    assert settled.choices == CHOSEN
    assert [(each.text, each.description, each.created) for each in settled.lists[NameList.TLDS]] == [
        ("org", None, NOW),
        ("co.uk", "The United Kingdom", NOW),
    ]
    assert [(each.text, each.description) for each in settled.lists[NameList.BLACKLIST]] == [
        (r"^bank\.", None),
        ("evil", "harmful"),
    ]
    assert len({each.id for entries in settled.lists.values() for each in entries}) == 4


def test_what_is_shown_is_a_file_that_changes_nothing():
    settled = read(FILE)

    assert settingsfile.read(settingsfile.shown(settled), settled, LATER) == settled
    assert set(settingsfile.shown(EMPTY)) == set(yaml.safe_load(FILE))


def test_what_a_file_leaves_out_stays_and_null_is_the_default():
    settled = read(FILE)

    changed = read("{default_ttl: 60, batch_changes: null, global_acl: null, tlds: null}", settled)

    assert changed.choices == replace(CHOSEN, default_ttl=60, batch_changes=1000, global_acl=())
    assert changed.lists == {NameList.TLDS: (), NameList.BLACKLIST: settled.lists[NameList.BLACKLIST]}


def test_an_entry_that_is_there_keeps_its_id_and_its_time():
    old = Entry("e1", "org", None, NOW - timedelta(days=1))
    other = Entry("e2", "net", "old", NOW)
    present = replace(EMPTY, lists={NameList.TLDS: (old, other), NameList.BLACKLIST: ()})

    entries = read("tlds: [com, {name: NET, description: new}, org]", present).lists[NameList.TLDS]

    assert entries[1:] == (replace(other, text="NET", description="new", updated=NOW), old)


def test_differences_tell_what_was_and_what_will_be():
    settled = read("{default_ttl: 60, tlds: [org]}")

    assert settingsfile.differences(EMPTY, settled) == {
        "default_ttl": {"before": 7200, "after": 60},
        "tlds": {"before": [], "after": ["org"]},
    }
    assert settingsfile.differences(settled, settled) == {}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[a]", []),
        ("{colour: red}", ["colour: is no setting: "]),
        ("default_ttl: 29", ["default_ttl: 29 is no number from 30 to 2147483647"]),
        ("default_ttl: '60'", ["default_ttl: '60' is no number from 30 to 2147483647"]),
        ("batch_changes: 1001", ["batch_changes: 1001 is no number from 1 to 1000"]),
        ("manual_review: 1", ["manual_review: 1 is neither true nor false"]),
        ("approved_name_servers: ns1", ["approved_name_servers: 'ns1' is no list"]),
        ("review_names: ['(', a, 7]", ["review_names[0]: '(' is no regular", "review_names[2]: 7 is no regular"]),
        ("high_value_addresses: [192.0.2.256, 5]", ["high_value_addresses[0]: '192.0.2.256' is no IP address",
                                                    "high_value_addresses[1]: 5 is no IP address"]),
        ("review_zones: [a..b]", ["review_zones[0]: "]),
        ("email_domains: ['**x']", ["email_domains[0]: '**x' is no domain of e-mail addresses"]),
        ("shared_types: [B]", ["shared_types[0]: 'B' is none of A, AAAA"]),
        ("dotted_hosts: [{zone: x.}]", ["dotted_hosts[0].dots: is required", "dotted_hosts[0].types: is required"]),
        ("dotted_hosts: [{zone: '****.', types: [A], dots: 1}]", ["dotted_hosts[0].zone: ****. has more than 3 stars"]),
        ("dotted_hosts: [{zone: a, types: [A], dots: 1}, {zone: A., types: [A], dots: 1}]",
         ["dotted_hosts: zone a. occurs 2 times"]),
        ("global_acl: [{groups: ['']}]", ["global_acl[0].names: is required"]),
        ("global_acl: [{groups: [''], names: [a]}]", ["global_acl[0].groups[0]: '' is no id of a group"]),
        ("{least_nibbles: 20, most_nibbles: 10}", ["least_nibbles: 20 is above most_nibbles, 10"]),
        ("tlds: [org., co.uk]", ["tlds[0].name: 'org.' is no top-level domain, such as org or co.uk"]),
        ("tlds: [org, ORG]", ["tlds: entry org occurs 2 times"]),
        ("tlds: [null]", ["tlds[0].name: is required"]),
        ("blacklist: ['(bank']", ["blacklist[0].pattern: '(bank' '(bank' is no regular expression"]),
        ("{default_ttl: 1, tlds: 5, global_acl: [7]}", ["default_ttl: 1 is", "global_acl[0]: 7 is no mapping of fields",
                                                       "tlds: 5 is no list"]),
    ],
)  # fmt: skip
def test_every_error_is_told_with_its_place(text, expected):
    found = reasons(text)

    assert len(found) == len(expected)
    assert all(message.startswith(start) for message, start in zip(found, expected, strict=True)), found


names = st.text("abcdefghijklmnopqrstuvwxyz0123456789-_", min_size=1, max_size=12)
texts = st.lists(names, max_size=3, unique=True).map(tuple)
types = st.lists(st.sampled_from(TYPES), max_size=4, unique=True).map(tuple)
chosen = st.builds(
    Choices,
    approved_name_servers=texts,
    high_value_names=texts,
    review_addresses=st.lists(st.ip_addresses().map(str), max_size=3, unique=True).map(tuple),
    manual_review=st.booleans(),
    dotted_hosts=st.lists(
        st.builds(
            DottedHosts,
            names.map(lambda name: f"*.{name}."),
            users=texts,
            groups=texts,
            types=types,
            dots=st.integers(0, 9),
        ),
        max_size=3,
        unique_by=lambda each: each.zone,
    ).map(tuple),
    shared_types=types,
    global_acl=st.lists(st.builds(GlobalAccess, texts, texts), max_size=3).map(tuple),
    default_ttl=st.integers(30, 2**31 - 1),
)


@given(chosen)
def test_any_choices_are_shown_read_and_stored_without_a_loss(made):
    settled = replace(EMPTY, choices=made)

    assert settingsfile.read(settingsfile.shown(settled), EMPTY, NOW) == settled
    assert choices.from_document(choices.to_store(made)) == made
