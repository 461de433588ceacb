import ipaddress
from dataclasses import replace

import pytest
from zonewright.errors import AclTooLarge, InvalidAclRule
from zonewright.model import acl
from zonewright.model.acl import AccessLevel, AclRule, Record
from zonewright.model.users import Caller

ALICE = Caller("alice", "alice", frozenset({"dev", "ops"}))
WWW = Record("www", "A")
PTR = Record("4", "PTR", ipaddress.ip_address("192.0.2.4"))
NO, READ, WRITE, DELETE = AccessLevel


def user(level=READ, **fields):
    return AclRule(level, user_id="alice", **fields)


def group(level=READ, **fields):
    return AclRule(level, group_id="dev", **fields)


def test_rules_are_equal_if_all_six_fields_are():
    rule = user(description="d", record_mask="m", record_types=("A", "AAAA", "A"))

    assert rule == user(description="d", record_mask="m", record_types=("AAAA", "A"))
    assert rule.record_types == ("A", "AAAA")
    for change in (
        {"access_level": WRITE},
        {"user_id": "bob"},
        {"group_id": "dev"},
        {"description": None},
        {"record_mask": ".*"},
        {"record_types": ("A",)},
    ):
        assert replace(rule, **change) != rule, change


def test_rules_are_a_set_in_order():
    one, two = user(), group()

    assert acl.added((one, two), user()) == (one, two)
    assert acl.added((two,), one) == (two, one)
    assert acl.removed((one, two), user()) == (two,)
    assert acl.removed((two,), one) == (two,)
    assert acl.distinct([one, two, user()]) == (one, two)


def test_a_stored_rule_reads_back():
    for rule in (user(), group(DELETE, description="", record_mask="w.*", record_types=("CNAME", "A")), AclRule(NO)):
        assert acl.from_item(acl.to_item(rule)) == rule


@pytest.mark.parametrize(
    ("rule", "record", "fits"),
    [
        (user(), WWW, True),
        (group(), WWW, True),
        (AclRule(READ), WWW, True),
        (AclRule(READ, user_id="bob"), WWW, False),
        (AclRule(READ, group_id="bobs"), WWW, False),
        (user(record_types=("A", "MX")), WWW, True),
        (user(record_types=("MX",)), WWW, False),
        (user(record_mask="w+"), WWW, True),
        (user(record_mask="w"), WWW, False),
        (user(record_mask="*"), WWW, False),
        (user(record_mask="WWW"), WWW, True),
        (user(record_mask="192.0.2.0/24", record_types=("PTR",)), PTR, True),
        (user(record_mask="192.0.2.0/24"), PTR, True),
        (user(record_mask="192.0.3.0/24"), PTR, False),
        (user(record_mask="2001:db8::/32"), PTR, False),
        (user(record_mask=".*"), PTR, False),
        (user(record_mask="192.0.2.0/24"), replace(PTR, address=None), False),
    ],
)
def test_which_rules_fit(rule, record, fits):
    assert (acl.applying([rule], ALICE, record) is rule) == fits
    assert acl.level([rule], ALICE, record) == (rule.access_level if fits else NO)


@pytest.mark.parametrize(
    ("first", "second", "record"),
    [
        (user(READ), group(DELETE), WWW),
        (group(READ), AclRule(DELETE), WWW),
        (user(READ, record_mask="w.*", record_types=("A", "MX")), user(DELETE, record_types=("A",)), WWW),
        (user(READ, record_mask="w.*"), user(DELETE, record_mask=".*"), WWW),
        (user(READ, record_types=("A",)), user(DELETE, record_types=("A", "MX")), WWW),
        (user(READ, record_types=("A", "MX")), user(DELETE), WWW),
        (user(NO), user(DELETE), WWW),
        (user(DELETE), user(WRITE), WWW),
        (user(WRITE), user(READ), WWW),
        (user(READ, record_mask="192.0.2.0/25"), user(DELETE, record_mask="192.0.2.0/24"), PTR),
        (user(READ, record_mask="0.0.0.0/0"), user(DELETE), PTR),
        (user(READ, record_mask=".*", record_types=("A",)), user(DELETE, record_types=("A", "MX")), WWW),
    ],
)
def test_the_first_in_the_order_decides(first, second, record):
    assert acl.applying([second, first], ALICE, record) is first
    assert acl.applying([first, second], ALICE, record) is first


def test_a_zone_is_seen_by_whoever_a_rule_names():
    assert acl.let_see([user(NO)], ALICE)
    assert acl.let_see([AclRule(NO)], ALICE)
    assert not acl.let_see([AclRule(DELETE, user_id="bob"), AclRule(DELETE, group_id="bobs")], ALICE)


@pytest.mark.parametrize(
    ("rule", "problem"),
    [
        (AclRule(READ), "Invalid ACL rule: ACL rules must have a group or user id"),
        (user(group_id="dev"), "Invalid ACL rule: ACL rules must have a group or user id"),
        (user(record_mask="*"), "record mask * is an invalid regex"),
        (user(record_mask="x{5,-3}", record_types=("A",)), "record mask x{5,-3} is an invalid regex"),
        (
            user(record_mask="10.0.0.0", record_types=("PTR",)),
            "PTR types must have no mask or a valid CIDR mask: Invalid CIDR block",
        ),
        (
            user(record_mask="10.0.0.0/255.0.0.0", record_types=("PTR",)),
            "PTR types must have no mask or a valid CIDR mask: Invalid CIDR block",
        ),
        (
            user(record_mask="10.0.0.0/8", record_types=("PTR", "A")),
            "Multiple record types including PTR must have no mask",
        ),
    ],
)
def test_a_rule_that_no_zone_may_have(rule, problem):
    with pytest.raises(InvalidAclRule) as caught:
        acl.check(rule)

    assert str(caught.value) == problem


@pytest.mark.parametrize(
    "rule",
    [
        user(),
        group(record_mask="w.*"),
        user(record_types=("PTR", "A")),
        user(record_mask="192.0.2.1/24", record_types=("PTR",)),
        user(record_mask="2001:db8::/32", record_types=("PTR",)),
    ],
)
def test_a_rule_that_a_zone_may_have(rule):
    acl.check(rule)


def test_a_zone_has_room_for_so_many_rules():
    acl.check_size([user(description=str(n)) for n in range(500)])
    acl.check_size([AclRule(READ, user_id=str(n)) for n in range(acl.MOST_READERS)])

    with pytest.raises(AclTooLarge):
        acl.check_size([AclRule(READ, user_id=str(n)) for n in range(acl.MOST_READERS + 1)])
    with pytest.raises(AclTooLarge):
        acl.check_size([user(description="d" * acl.MOST_OCTETS)])
