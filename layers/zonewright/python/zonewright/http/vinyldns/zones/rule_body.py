"""Read access rules of zones as VinylDNS does (contract `vinyldns.md`, sections 3.1 and 8)."""

from typing import Any

from zonewright.http.message import Request
from zonewright.http.vinyldns.bodies import LIST, TEXT, Fields, sent
from zonewright.model.acl import AccessLevel, AclRule
from zonewright.model.choices import TYPES

_TYPES = (*TYPES, "UNKNOWN")


def rule(request: Request) -> AclRule:
    """Return the rule in the body. Raise FieldsRefused for wrong fields, Unsupported or InvalidJson."""
    fields = Fields(sent(request))
    found = read(fields)
    fields.check()
    return found


def _known(types: list[Any]) -> bool:
    return all(each in _TYPES for each in types)


def read(fields: Fields) -> AclRule:
    """Return the rule of an object. Note the errors of its fields, which then have some value."""
    level = fields.word("accessLevel", tuple(AccessLevel), "Invalid AccessLevel", "Missing ACLRule.accessLevel")
    types = fields.optional("recordTypes", LIST, ("Invalid RecordType", _known))
    found = AclRule(
        AccessLevel(level or AccessLevel.NO_ACCESS),
        user_id=fields.optional("userId", TEXT),
        group_id=fields.optional("groupId", TEXT),
        description=fields.optional("description", TEXT),
        record_mask=fields.optional("recordMask", TEXT),
        record_types=tuple(types or ()),
    )
    if found.user_id is not None and found.group_id is not None:
        fields.errors.append("Cannot specify both a userId and a groupId")
    return found
