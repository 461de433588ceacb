"""What a caller may do with a record set: the first condition that holds decides (contract, section 8)."""

from datetime import UTC, datetime

import pytest
from zonewright.model import access
from zonewright.model.acl import AccessLevel, AclRule, Record
from zonewright.model.users import Caller
from zonewright.model.zone import Zone, ZoneType

TYPES = ("A", "TXT")
NO, READ, WRITE, DELETE = AccessLevel
A, MX = Record("www", "A"), Record("www", "MX")


def zone(*rules, **more):
    return Zone("z", "example.org.", "admins", ZoneType.PRIMARY, datetime(2026, 1, 1, tzinfo=UTC), acl=rules, **more)


def caller(*groups, **flags):
    return Caller("alice", "alice", frozenset(groups), **flags)


EVERYBODY = AclRule(WRITE)
NOBODY = AclRule(NO, user_id="alice")

CASES = {
    "test user in another zone": (caller("admins", is_super=True, is_test=True), zone(), A, None, NO),
    "test user in a test zone": (caller("admins", is_test=True), zone(is_test=True), A, None, DELETE),
    "super": (caller(is_super=True), zone(NOBODY), A, "g", DELETE),
    "admin": (caller("admins"), zone(NOBODY), A, "g", DELETE),
    "owner in a shared zone": (caller("g"), zone(NOBODY, shared=True), MX, "g", DELETE),
    "owner in another zone": (caller("g"), zone(), A, "g", NO),
    "unowned of a shared type": (caller(), zone(shared=True), A, None, DELETE),
    "unowned of another type": (caller(), zone(shared=True), MX, None, NO),
    "owned by others": (caller(), zone(shared=True), A, "g", NO),
    "owned by others, with a rule": (caller(), zone(EVERYBODY, shared=True), A, "g", WRITE),
    "support": (caller(is_support=True), zone(), A, None, READ),
    "support, with a rule": (caller(is_support=True), zone(EVERYBODY), A, None, WRITE),
    "support, with a rule against": (caller(is_support=True), zone(NOBODY), A, None, READ),
    "a rule": (caller(), zone(EVERYBODY), A, None, WRITE),
    "nothing": (caller(), zone(), A, None, NO),
}


@pytest.mark.parametrize(("who", "where", "record", "owner", "level"), CASES.values(), ids=CASES)
def test_the_level_of_a_record_set(who, where, record, owner, level):
    assert access.level(who, where, record, owner, TYPES) is level


LISTED = {
    "admin": (caller("admins"), zone(), MX, "g", DELETE),
    "support": (caller(is_support=True), zone(shared=True), A, None, READ),
    "support, with a rule": (caller(is_support=True), zone(EVERYBODY), A, None, WRITE),
    "unowned of any type in a shared zone": (caller(), zone(shared=True), MX, None, DELETE),
    "owner in a shared zone": (caller("g"), zone(shared=True), MX, "g", DELETE),
    "owned by others": (caller(), zone(EVERYBODY, shared=True), MX, "g", WRITE),
}


@pytest.mark.parametrize(("who", "where", "record", "owner", "level"), LISTED.values(), ids=LISTED)
def test_the_level_that_a_list_shows(who, where, record, owner, level):
    assert access.listed_level(who, where, record, owner) is level
