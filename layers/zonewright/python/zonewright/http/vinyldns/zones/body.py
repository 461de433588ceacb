"""Read the bodies that connect and change zones (contract `vinyldns.md`, sections 2, 3.1, 4.1 and 4.3)."""

from zonewright.http.message import Request
from zonewright.http.vinyldns.bodies import FLAG, LIST, TEXT, Fields, sent
from zonewright.http.vinyldns.zones import rule_body
from zonewright.model.acl import AclRule
from zonewright.model.connecting import Wanted
from zonewright.model.connection import Asked
from zonewright.protocol.tsig import ALGORITHMS

SPELLINGS = {name.upper(): name for name in ALGORITHMS}
"""The algorithms of TSIG by VinylDNS's spelling."""


def new_zone(request: Request) -> Wanted:
    """Return the zone that a body wants. Raise FieldsRefused, InvalidJson, Unsupported."""
    fields = Fields(sent(request))
    wanted = _wanted(fields)
    fields.check()
    return wanted


def changed_zone(request: Request) -> tuple[str, Wanted]:
    """Return the id in a body, which counts in place of the path's, and what the zone is to be. Raise the same."""
    fields = Fields(sent(request))
    zone_id, wanted = fields.required("id", TEXT, "Missing Zone.id"), _wanted(fields)
    fields.check()
    return zone_id or "", wanted


def _wanted(fields: Fields) -> Wanted:
    return Wanted(
        name=_absolute(fields.required("name", TEXT, "Missing Zone.name") or ""),
        email=fields.required("email", TEXT, "Missing Zone.email") or "",
        group_id=fields.required("adminGroupId", TEXT, "Missing Zone.adminGroupId") or "",
        connection=_connection(fields, "connection"),
        transfer_connection=_connection(fields, "transferConnection"),
        backend_id=fields.optional("backendId", TEXT),
        shared=fields.optional("shared", FLAG) or False,
        rules=_rules(fields),
        recurrence=fields.optional("recurrenceSchedule", TEXT),
    )


def _absolute(name: str) -> str:
    """Return a name without white space, and with a dot at its end."""
    text = "".join(name.split())
    return text if text.endswith(".") else f"{text}."


def _connection(fields: Fields, name: str) -> Asked | None:
    value = fields.sent.get(name)
    if value is None:
        return None
    found = Fields(value if isinstance(value, dict) else {}, fields.errors)
    texts = [
        found.required(each, TEXT, f"Missing ZoneConnection.{each}")
        for each in ("name", "keyName", "key", "primaryServer")
    ]
    sent_as = found.optional("algorithm", TEXT)
    if sent_as not in (None, *SPELLINGS):
        fields.errors.append(f"Unsupported algorithm {sent_as}, must be one of {','.join(SPELLINGS)}")
    title, key_name, key, server = (each or "" for each in texts)
    return Asked(title, key_name, SPELLINGS.get(sent_as or ""), key, server)


def _rules(fields: Fields) -> tuple[AclRule, ...]:
    """Return the access rules. An element that is no object is ignored (contract `vinyldns-writes.md`, section 0)."""
    value = fields.sent.get("acl")
    found = Fields(value if isinstance(value, dict) else {}, fields.errors).optional("rules", LIST) or []
    return tuple(rule_body.read(Fields(each, fields.errors)) for each in found if isinstance(each, dict))
