"""Common parts of the API document below /v2: errors, conditions, lists, envelopes.

An operation names the `type`s of its own errors. `render` adds those that any operation has (no credentials, no right,
wrong media type, internal error) and the dialect's headers. Errors of one status become one answer.
"""

from collections.abc import Mapping
from typing import Any

from zonewright.http import conditional
from zonewright.http.designate.answers import ErrorFields, ListLinks, ListMetadata, NameServer, ReasonFields
from zonewright.http.designate.lists import DEFAULT_LIMIT, Filters, Orders
from zonewright.http.designate.views import HIGHEST_LIMIT
from zonewright.http.formats import Number, Url
from zonewright.http.openapi.operations import ALLOW, YES, Operation, answer, header, listed, query, rendered, sent
from zonewright.http.openapi.schemas import Json, Shape, ref

ERRORS: dict[str, tuple[int, str]] = {
    "bad_request": (400, "the request means nothing, or cannot be done to what it names as that is"),
    "empty_request_body": (400, "a body is needed"),
    "invalid_json": (400, "the body is not JSON"),
    "invalid_limit": (400, "not a positive integer or `max`"),
    "invalid_marker": (400, "the marker is of no form a marker has"),
    "invalid_object": (400, "fields that are wrong, missing or unknown: `errors` lists all of them"),
    "invalid_project": (400, "there is no such project"),
    "invalid_recordset_location": (400, "outside the zone or in a child zone, or a CNAME at the apex or beside others"),
    "invalid_sort_dir": (400, "neither `asc` nor `desc`"),
    "invalid_sort_key": (400, "nothing this list sorts by"),
    "invalid_ttl": (400, "the TTL is below the least the operator allows"),
    "invalid_uuid": (400, "an id in the path is no UUID"),
    "invalid_zone_name": (400, "a zone of this name cannot be had"),
    "invalid_zone_transfer_request": (400, "it was accepted already, or the zone is the caller's own"),
    "marker_not_found": (400, "the marker is no entry of this list"),
    "missing_project_id": (400, "a signature's user is in several projects: name one in `X-Auth-Sudo-Project-ID`"),
    "zone_has_sub_zone": (400, "there are zones below it"),
    "zone_is_shared": (400, "other projects would lose the zone"),
    "unauthorized": (401, "no credentials, or they do not hold"),
    "forbidden": (403, "the caller may not do this"),
    "illegal_child": (403, "the zone would be below another project's"),
    "illegal_parent": (403, "the zone would be above another project's"),
    "invalid_key": (403, "not the key the zone was offered under"),
    "not_found": (404, "no such path, project, or version of a zone"),
    "pool_not_found": (404, "there is one pool, and its id is another"),
    "recordset_not_found": (404, "no such record set in the zone"),
    "shared_zone_not_found": (404, "no such share of the zone"),
    "tsigkey_not_found": (404, "no such key, or none the caller may see"),
    "zone_export_not_found": (404, "no such export, or another project's"),
    "zone_import_not_found": (404, "no such import, or another project's; one nothing was uploaded for is kept a day"),
    "zone_not_found": (404, "no such zone, or another project's"),
    "zone_transfer_accept_not_found": (404, "no such acceptance, or another project's"),
    "zone_transfer_request_not_found": (404, "no such request, or none the caller may see"),
    "method_not_allowed": (405, "the path takes other methods"),
    "unsupported_accept": (406, "the answer is not written in a media type that was asked for"),
    "duplicate": (409, "it is there already"),
    "duplicate_recordset": (409, "the zone has one of this name and type"),
    "duplicate_shared_zone": (409, "the zone is shared with the project already"),
    "duplicate_tsigkey": (409, "the pool or the zone has a key of this name"),
    "duplicate_zone": (409, "the name is taken, by whomever"),
    "duplicate_zone_transfer_request": (409, "the zone is offered already"),
    "idempotency_key_in_use": (409, "the first request with this `Idempotency-Key` still runs: try again"),
    "recordset_changed": (409, "another changed it at this moment: read it again"),
    "tsigkey_busy": (409, "the key, or what it signs for, changed meanwhile: try again"),
    "zone_busy": (409, "a sync or an update holds the zone: try again"),
    "precondition_failed": (412, "it is not as `If-Match` or `If-None-Match` wants it"),
    "over_quota": (
        413,
        "more than the project may have, or a body of more than 114,688 octets, 6 MiB with a master file",
    ),
    "unsupported_content_type": (415, "the body is of another media type"),
    "idempotency_key_reused": (422, "the `Idempotency-Key` was used for another request"),
    "unknown": (500, "a fault of ours: its log has it under the request id"),
}
"""Each `type` of an error: its status, and when it is answered."""

ALWAYS = ("missing_project_id", "unauthorized", "forbidden", "unsupported_accept", "unknown")
WITH_BODY = ("empty_request_body", "invalid_json", "invalid_object", "over_quota", "unsupported_content_type")
REPEATABLE = ("bad_request", "idempotency_key_in_use", "idempotency_key_reused")
"""What every POST may answer, by its `Idempotency-Key`."""

CONDITIONAL = ("bad_request", "precondition_failed")
"""What may be answered by an `If-Match` or an `If-None-Match`."""

WITH_PAGES = (
    "bad_request",
    "invalid_limit",
    "invalid_marker",
    "invalid_sort_dir",
    "invalid_sort_key",
    "marker_not_found",
)
"""What each list may answer that takes pages."""


def or_file(made: Json) -> Json:
    """Return a body that may also be a master file."""
    return made | {"content": made["content"] | {"text/dns": {"schema": str, "examples": {"file": {"value": FILE}}}}}


def wrapped(envelope: str, schema: Any) -> Json:
    """Return the schema of a body with or without its envelope. Designate's first clients send one."""
    inside = {"type": "object", "properties": {envelope: schema}, "required": [envelope], "additionalProperties": False}
    return {"anyOf": [schema, inside]}


LOCATION = {"location": sent(Url, "Where it is, the same as `links.self`")}
ELSEWHERE = {"location": sent(Url, "Where to GET it")}
FILE = """\
$ORIGIN example.org.
$TTL 3600
@ IN SOA ns1.example.net. joe.example.org. 1768480496 3600 600 86400 3600
@ IN MX 10 mail
mail 300 IN A 192.0.2.1
"""
"""A master file (RFC 1035 section 5)."""

ETAG = {"etag": sent({"type": "string", "pattern": '^"[!#-~]+"$'}, "Changes with what is shown; strong")}
VALIDATORS = ETAG | {"cache-control": sent({"const": "private, no-cache"}, "Ask again each time, by `If-None-Match`")}

_TAGS = {"type": "string", "pattern": rf"^(?:{conditional.TAGS}|\s*\*\s*)$", "examples": ['"5-json"', "*"]}
CONDITIONS = (
    header("If-Match", _TAGS, "Only if its entity tag is one of these; `*` is any"),
    header("If-None-Match", _TAGS, "Only if its entity tag is none of these; `*` is any"),
)

IDEMPOTENCY_KEY = header(
    "Idempotency-Key",
    {"type": "string", "pattern": "^[!-~]([ -~]{0,253}[!-~])?$", "examples": ["8b6f3e1c-create-example.org"]},
    "Do this once, however often it is sent: within a day, the same request is answered as it was the first time, "
    "unless that was an error. A key is the caller's own, and of this path",
)

VARY = sent({"const": "Accept"}, "What an answer depends on")

DIRECTION = {"type": "string", "pattern": "^([Aa][Ss][Cc]|[Dd][Ee][Ss][Cc])$", "default": "asc"}

SUDO = (
    header("X-Auth-Sudo-Project-ID", str, "The project to act for: one of the caller's own, or any for a super user"),
    header("X-Auth-Sudo-Tenant-ID", str, "The same by its older name"),
)
EVERYWHERE = (
    header("X-Auth-All-Projects", YES, "Look at all projects; super and support users"),
    query("all_projects", YES, "The same in the query"),
    query("all_tenants", YES, "The same by its older name"),
)


def paging(
    filters: Filters[Any],
    orders: Orders[Any],
    marker: Any,
    *,
    prose: Mapping[str, str],
    default: str | None = None,
    counted: bool = True,
) -> tuple[Json, ...]:
    """Return the query of a list: page, order and filters. `prose` says which entries each filter selects.

    The default sort key is the first one without a function. `default` names another of those.
    """
    assert prose.keys() == filters.keys(), "every filter is described, and nothing else"
    assert default is None or orders[default] is None, "the usual sort key gives the order of the list"
    stored = default or next((name for name, order in orders.items() if order is None), None)
    order = {"type": "string", "enum": list(orders)} | ({"default": stored} if stored else {})
    hiding = header("OpenStack-DNS-Hide-Counts", YES, "Leave `metadata.total_count` out")
    limit = {"oneOf": [Number, {"type": "string", "pattern": "^[Mm][Aa][Xx]$"}], "default": DEFAULT_LIMIT}
    return (
        query("limit", limit, f"How many at most: {HIGHEST_LIMIT}, which `max` stands for, whatever is asked"),
        query("marker", marker, "Begin behind this entry"),
        query("sort_key", order, "What to sort by; what is equal in that has one order too"),
        query("sort_dir", DIRECTION, "`asc` or `desc`, in any case of letters"),
        *(query(name, str, f"Only where {text}: exact, or with `*` anywhere") for name, text in prose.items()),
        *([hiding] if counted else []),
    )


def page(name: str, entry: Any, *, metadata: Any = ListMetadata) -> Json:
    """Return the schema of an answer of `views.listing`, which has its entries under `name`."""
    fields = {name: listed(entry, HIGHEST_LIMIT), "links": ListLinks} | ({"metadata": metadata} if metadata else {})
    return {"type": "object", "properties": fields, "required": list(fields), "additionalProperties": False}


def render(method: str, path: str, operation: Operation) -> Json:
    """Return an operation below /v2 in OpenAPI's form."""
    headers = {"x-openstack-request-id": {"$ref": "#/components/headers/OpenstackRequestId"}}
    if method == "GET":
        headers["vary"] = {"$ref": "#/components/headers/Vary"}
    types = list(operation.errors)
    shared: tuple[Json, ...] = ()
    if operation.public:
        types.append("unknown")
    else:
        types += ALWAYS
        shared = SUDO + (EVERYWHERE if method == "GET" else ())
    if method == "POST":
        types += REPEATABLE
        shared += (IDEMPOTENCY_KEY,)
    if operation.body:
        types += [each for each in WITH_BODY if operation.body["required"] or each != "empty_request_body"]
    answers = dict(operation.answers)
    for status in sorted({ERRORS[each][0] for each in types}):
        answers[status] = _error(status, [each for each in ERRORS if each in types and ERRORS[each][0] == status])
    return rendered(path, operation, headers, answers=answers, shared=shared)


def strays() -> dict[str, Json]:
    """Return the answers to unknown paths and methods below /v2."""
    headers = {
        "x-openstack-request-id": {"$ref": "#/components/headers/OpenstackRequestId"},
        "vary": VARY | {"required": False},
    }
    answers = {
        308: answer("A slash too many at the end", headers=LOCATION),
        404: _error(404, ["not_found"]),
        405: _error(405, ["method_not_allowed"]) | {"headers": ALLOW},
    }
    return {f"designate-{status}": each | {"headers": headers | each["headers"]} for status, each in answers.items()}


def _error(status: int, types: list[str]) -> Json:
    """Return the errors of one status, with the first as the example."""
    described = {each: ERRORS[each][1] for each in types}
    narrowed = {"code": {"const": status}, "type": {"enum": types}}
    made = answer(
        "\n".join(f"- `{kind}`: {text}" for kind, text in described.items()), ref("Error") | {"properties": narrowed}
    )
    example = {"code": status, "type": types[0], "message": described[types[0]], "request_id": "req-..."}
    made["content"]["application/json"]["example"] = example
    return made


SCHEMAS = {
    "ListLinks": Shape(of=ListLinks, prose={"next": "The next page; absent where there is none"}),
    "ListMetadata": Shape(
        of=ListMetadata, prose={"total_count": "How many match; absent where OpenStack-DNS-Hide-Counts asked so"}
    ),
    "NameServer": Shape(of=NameServer),
    "Error": Shape(
        of=ErrorFields,
        prose={
            "code": "The status",
            "type": "What kind of error: for programs",
            "message": "The value and the reason: for people",
            "request_id": "The x-openstack-request-id of the answer",
            "error": "As Keystone",
        },
    ),
    "Reason": Shape(
        of=ReasonFields,
        prose={
            "path": "The field, a place in a list; empty for the whole",
            "validator": "The rule broken",
            "validator_value": "What the rule expects",
        },
    ),
}
