"""The values that requests and answers are made of (contract `designate.md`, section 3), in JSON Schema 2020-12.

A schema here is a plain dictionary. Answers name every field they have and have all of them, so `record` is strict.
Patterns use nothing that JavaScript and Python read differently.
"""

from typing import Any

from zonewright.protocol.types import HIGHEST_TTL

Json = dict[str, Any]

_LABEL = "[A-Za-z0-9_]([A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?"
_HOST = r"[^\s/@\[\]:]{1,255}"
_PORT = "(:[0-9]{1,5})?"
_IPV6 = "[0-9A-Fa-f.]*(:[0-9A-Fa-f.]*){2,7}"


def ref(name: str) -> Json:
    """The schema of this name."""
    return {"$ref": f"#/components/schemas/{name}"}


def record(fields: Json, optional: Json | None = None) -> Json:
    """An object with exactly these fields; the `optional` ones may be left out."""
    return {
        "type": "object",
        "properties": fields | (optional or {}),
        "required": list(fields),
        "additionalProperties": False,
    }


def listed(items: Json, **limits: Any) -> Json:
    """A list; `limits` as `maxItems=1000`."""
    return {"type": "array", "items": items} | limits


def one_of(*values: str, **more: Any) -> Json:
    """One of these texts."""
    return {"type": "string", "enum": list(values)} | more


def nullable(schema: Json) -> Json:
    """The same, or null."""
    return schema | {"type": [schema["type"], "null"]} if "type" in schema else {"anyOf": [schema, {"type": "null"}]}


def page(name: str, entry: str, *, counted: bool = True) -> Json:
    """A page of a list in Designate's form: the entries under `name`, and links to go on by."""
    fields = {name: listed(ref(entry), maxItems=1000), "links": ref("ListLinks")}
    return record(fields | ({"metadata": ref("ListMetadata")} if counted else {}))


TEXT: Json = {"type": "string"}
FLAG: Json = {"type": "boolean"}
COUNT: Json = {"type": "integer", "minimum": 0}
UUID = {"type": "string", "format": "uuid", "pattern": "^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$"}
SENT_UUID = UUID | {"pattern": "^[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}$"}
PROJECT_ID = {"type": "string", "minLength": 1, "maxLength": 36}
SHORT_ID = {"type": "string", "maxLength": 36}
URL = {"type": "string", "format": "uri"}
SERIAL = {"type": "integer", "minimum": 0, "maximum": 2**32 - 1, "description": "SOA serial (RFC 1982)"}
TTL = {"type": "integer", "minimum": 0, "maximum": HIGHEST_TTL, "description": "Seconds"}
VERSION = {"type": "integer", "minimum": 1, "maximum": 999_999_999}
ABSOLUTE_NAME = {"type": "string", "pattern": r"\.$", "maxLength": 1020}
DESCRIPTION = {"type": "string", "maxLength": 160}

SCHEMAS: dict[str, Json] = {
    "Time": {
        "type": "string",
        "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}$",
        "description": "UTC with microseconds and no suffix",
        "examples": ["2026-01-15T12:34:56.275934"],
    },
    "Second": {
        "type": "string",
        "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$",
        "description": "UTC",
        "examples": ["2026-01-15T12:34:56Z"],
    },
    "ZoneName": {
        "type": "string",
        "pattern": rf"^({_LABEL}\.){{2,}}$",
        "maxLength": 254,
        "description": "An absolute host name of at least two labels",
        "examples": ["example.org."],
    },
    "OwnerName": {
        "type": "string",
        "pattern": rf"^(\*\.)?({_LABEL}\.)+$",
        "maxLength": 254,
        "description": "An absolute host name in the zone, or one with `*` as its first label (RFC 4592)",
        "examples": ["www.example.org.", "*.example.org."],
    },
    "Email": {
        "type": "string",
        "pattern": rf"^({_LABEL}\.)*{_LABEL}@({_LABEL}\.)*{_LABEL}$",
        "maxLength": 253,
        "description": "An address that can be written as a domain name (RFC 1035 section 3.3.13)",
        "examples": ["joe@example.org"],
    },
    "Primary": {
        "type": "string",
        "pattern": rf"^({_HOST}{_PORT}|\[{_IPV6}\]{_PORT}|{_IPV6})$",
        "description": "A server to copy a zone from: host, host:port or [address]:port",
        "examples": ["192.0.2.1", "[2001:db8::1]:5300"],
    },
    "Attributes": {
        "type": "object",
        "propertyNames": {"maxLength": 50},
        "additionalProperties": {"type": "string", "maxLength": 50},
    },
    "Links": record({"self": URL}),
    "ListLinks": record({"self": URL}, {"next": URL | {"description": "The next page; absent where there is none"}}),
    "ListMetadata": record(
        {}, {"total_count": COUNT | {"description": "How many match; absent where OpenStack-DNS-Hide-Counts asked so"}}
    ),
    "NameServer": record({"hostname": TEXT, "priority": {"type": "integer", "minimum": 1}}),
    "Error": record(
        {
            "code": {"type": "integer", "minimum": 400, "maximum": 599, "description": "The status"},
            "type": TEXT | {"description": "What kind of error: for programs"},
            "message": TEXT | {"description": "The value and the reason: for people"},
            "request_id": TEXT | {"description": "The x-openstack-request-id of the answer"},
        },
        {
            "errors": record({"errors": listed(ref("Reason"), minItems=1)}),
            "error": record({"code": {"const": 401}, "title": TEXT, "message": TEXT}) | {"description": "As Keystone"},
        },
    ),
    "Reason": record(
        {
            "path": listed({"type": ["string", "integer"]})
            | {"description": "The field, a place in a list; empty for the whole"},
            "message": TEXT,
            "validator": TEXT | {"description": "The rule broken"},
            "validator_value": {"description": "What the rule expects"},
        }
    ),
}
