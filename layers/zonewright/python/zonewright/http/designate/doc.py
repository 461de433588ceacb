"""Common parts of the API document below /v2: errors, conditions, lists, envelopes.

An operation names the `type`s of its own errors. `render` adds the errors that any operation may have, and the headers
of the dialect. Errors with the same status become one answer.
"""

from collections.abc import Collection, Mapping
from http import HTTPStatus
from typing import Any

from zonewright import errors
from zonewright.http import conditional
from zonewright.http.designate import refusals, words
from zonewright.http.designate.answers import (
    ConflictFields,
    ErrorFields,
    ListLinks,
    ListMetadata,
    NameServer,
    ReasonFields,
)
from zonewright.http.designate.lists import DEFAULT_LIMIT
from zonewright.http.designate.recordsets.answer import RecordSetFields
from zonewright.http.designate.views import HIGHEST_LIMIT
from zonewright.http.formats import Number, Url
from zonewright.http.openapi.operations import (
    ALLOW,
    RETRY_AFTER,
    YES,
    Operation,
    answer,
    answer_header,
    header,
    listed,
    query,
    rendered,
    with_headers,
)
from zonewright.http.openapi.schemas import Json, Shape, ref

ERRORS: dict[str, tuple[int, str]] = {
    "bad_request": (400, "the request is malformed, or the state of the resource forbids it"),
    "empty_request_body": (400, "the request needs a body"),
    "invalid_json": (400, "the body is not JSON"),
    "invalid_limit": (400, "the limit is neither a positive integer nor `max`"),
    "invalid_marker": (400, "the marker does not have the form of a marker"),
    "invalid_object": (400, "fields are wrong, missing or unknown; `errors` lists all of them"),
    "invalid_project": (400, "the project does not exist"),
    "invalid_recordset_location": (
        400,
        "the name is outside the zone or in a child zone, or a CNAME is at the apex or beside other types",
    ),
    "invalid_sort_dir": (400, "the direction is neither `asc` nor `desc`"),
    "invalid_sort_key": (400, "the list has no such sort key"),
    "invalid_ttl": (400, "the TTL is below the operator's minimum"),
    "invalid_uuid": (400, "an id in the path or the query is no UUID"),
    "invalid_zone_name": (400, "the service does not allow zones of this name"),
    "invalid_zone_transfer_request": (400, "the request is already accepted, or the project already owns the zone"),
    "marker_not_found": (400, "the list has no entry with this marker"),
    "missing_project_id": (400, "the user is not in exactly one project; name one in `X-Auth-Sudo-Project-ID`"),
    "zone_has_sub_zone": (400, "the zone has zones below it"),
    "zone_is_shared": (400, "the zone is shared; other projects would lose it"),
    "unauthorized": (401, "the credentials are missing or wrong"),
    "forbidden": (403, "the caller has no right to do this"),
    "illegal_child": (403, "the zone would be below a zone of another project"),
    "illegal_parent": (403, "the zone would be above a zone of another project"),
    "invalid_key": (403, "the key is not the key of the transfer request"),
    "not_found": (404, "the path, the project or the version does not exist"),
    "no_valid_pool_found": (404, "the zone's attributes name a pool that does not exist"),
    "pool_not_found": (404, "the pool does not exist"),
    "recordset_not_found": (404, "the zone has no such record set"),
    "shared_zone_not_found": (404, "the zone has no such share"),
    "blacklist_not_found": (404, "the blacklist has no such entry"),
    "tld_not_found": (404, "there is no such top-level domain"),
    "tsigkey_not_found": (404, "the key does not exist, or the caller may not see it"),
    "zone_export_not_found": (404, "the project has no such export"),
    "zone_import_not_found": (404, "the project has no such import; one without an upload is deleted after a day"),
    "zone_not_found": (404, "the zone does not exist, or belongs to another project"),
    "zone_transfer_accept_not_found": (404, "the project has no such acceptance"),
    "zone_transfer_request_not_found": (404, "the transfer request does not exist, or the caller may not see it"),
    "method_not_allowed": (405, "the path has other methods"),
    "unsupported_accept": (406, "the route has none of the media types in `Accept`"),
    "duplicate": (409, "the resource already exists"),
    "duplicate_blacklist": (409, "the blacklist has this entry already"),
    "duplicate_recordset": (409, "the zone already has a record set of this name and type"),
    "duplicate_shared_zone": (409, "the zone is already shared with the project"),
    "duplicate_tld": (409, "the top-level domain is there already"),
    "duplicate_tsigkey": (409, "the pool or the zone already has a key of this name"),
    "duplicate_zone": (409, "the name is taken, perhaps by another project"),
    "duplicate_zone_transfer_request": (409, "the zone is already offered"),
    "idempotency_key_in_use": (409, "the first request with this `Idempotency-Key` still runs; retry later"),
    "recordset_changed": (409, "the record set was changed; read it again. Of several, `conflicts` lists all"),
    "settings_busy": (409, "others changed the list meanwhile; retry"),
    "tsigkey_busy": (409, "the key, or the zone it signs for, was changed meanwhile; retry"),
    "zone_busy": (409, "a sync or an update holds the zone; retry later"),
    "precondition_failed": (412, "`If-Match` or `If-None-Match` does not hold"),
    "over_quota": (
        413,
        "a quota is used up, the body exceeds 114,688 bytes, or 4.5 MB with a master file, or the answer exceeds 6 MB",
    ),
    "unsupported_content_type": (415, "the body has another media type"),
    "idempotency_key_reused": (422, "the `Idempotency-Key` belongs to another request"),
    "too_many_requests": (429, "the project has as much at work as it may; retry after the seconds in `Retry-After`"),
    "unknown": (500, "an internal error; the service's log has it under the request id"),
}
"""The status and the meaning of each `type` of error."""

_ID = "a86dba58-0043-4cc6-a1bb-69d5e86f3ca3"
_SAMPLES: dict[str, errors.RequestError] = {
    "bad_request": refusals.UnknownFilters(names="color"),
    "empty_request_body": errors.EmptyBody(),
    "invalid_limit": errors.InvalidLimit(limit="0", most=HIGHEST_LIMIT),
    "invalid_object": refusals.InvalidValue(problem="joe is not an email"),
    "invalid_project": errors.InvalidTarget(group=_ID),
    "invalid_recordset_location": errors.CnameAtApex(name="example.org."),
    "invalid_sort_dir": errors.InvalidSortDirection(direction="up"),
    "invalid_ttl": errors.InvalidTtl(ttl=60, minimum=300),
    "invalid_uuid": errors.InvalidId(name="zone_id", value="example.org."),
    "invalid_zone_name": errors.NameTooShort(name="org."),
    "invalid_zone_transfer_request": errors.OfferEnded(),
    "marker_not_found": errors.MarkerNotFound(marker=_ID),
    "zone_has_sub_zone": errors.ZoneHasSubZone(zone="example.org.", child="sub.example.org."),
    "zone_is_shared": errors.ZoneShared(zone="example.org.", shares=1),
    "unauthorized": errors.NotAuthenticated("X-Auth-Token is not a valid token"),
    "illegal_child": errors.IllegalChild(zone="sub.example.org."),
    "illegal_parent": errors.IllegalParent(zone="example.org."),
    "invalid_key": errors.WrongOfferKey(),
    "not_found": errors.PathNotFound(path="/v2/no-such-path"),
    "no_valid_pool_found": errors.NoValidPool(pool=_ID),
    "pool_not_found": errors.PoolNotFound(pool=_ID),
    "recordset_not_found": errors.RecordSetNotFound(record_set=_ID),
    "shared_zone_not_found": errors.ShareNotFound(share=_ID, zone="example.org."),
    "tsigkey_not_found": errors.TsigKeyNotFound(key=_ID),
    "zone_export_not_found": errors.ExportNotFound(task=_ID),
    "zone_import_not_found": errors.ImportNotFound(task=_ID),
    "zone_not_found": errors.ZoneNotFound(zone=_ID),
    "zone_transfer_accept_not_found": errors.AcceptanceNotFound(acceptance=_ID),
    "zone_transfer_request_not_found": errors.OfferNotFound(offer=_ID),
    "unsupported_accept": refusals.WrongAccept("not text/html", wanted="application/json"),
    "duplicate_recordset": errors.RecordSetExists(name="www.example.org.", type="A", zone="example.org."),
    "duplicate_shared_zone": errors.ShareExists(zone="example.org.", group=_ID),
    "duplicate_tsigkey": errors.TsigKeyExists(key="axfr."),
    "duplicate_zone": errors.ZoneExists(zone="example.org."),
    "duplicate_zone_transfer_request": errors.OfferExists(zone="example.org."),
    "over_quota": errors.OverQuota(quota="zones"),
    "unsupported_content_type": refusals.WrongContentType("not text/plain", wanted="application/json"),
}
"""An error of each `type` that has Designate's words, for the examples."""

ALWAYS = ("missing_project_id", "unauthorized", "forbidden", "unsupported_accept", "over_quota", "unknown")
WITH_BODY = ("empty_request_body", "invalid_json", "invalid_object", "over_quota", "unsupported_content_type")
REPEATABLE = ("bad_request", "idempotency_key_in_use", "idempotency_key_reused")
"""Errors that any POST may have because of its `Idempotency-Key`."""

CONDITIONAL = ("bad_request", "precondition_failed")
"""Errors that `If-Match` and `If-None-Match` may cause."""

WITH_PAGES = (
    "bad_request",
    "invalid_limit",
    "invalid_marker",
    "invalid_sort_dir",
    "invalid_sort_key",
    "marker_not_found",
)
"""Errors that any list with pages may have."""


def or_file(made: Json) -> Json:
    """Return a request body that may also be a master file."""
    return made | {"content": made["content"] | {"text/dns": {"schema": str, "examples": {"file": {"value": FILE}}}}}


def wrapped(envelope: str, schema: Any) -> Json:
    """Return the schema of a body with or without its envelope. Designate's first clients send the envelope."""
    inside = {"type": "object", "properties": {envelope: schema}, "required": [envelope], "additionalProperties": False}
    return {"anyOf": [schema, inside]}


OLDEST_FIRST = "The default order is oldest first."
LOCATION = {"location": answer_header(Url, "The URL of the resource, as in `links.self`")}
NO_STORE = {"cache-control": answer_header({"const": "no-store"}, "The response has a secret")}
SECRET = LOCATION | NO_STORE
FORM = {"cache-control": NO_STORE["cache-control"] | {"required": False}}
"""Headers of a response that may have a form for an upload."""
ELSEWHERE = {"location": answer_header(Url, "The URL to GET")}
FILE = """\
$ORIGIN example.org.
$TTL 3600
@ IN SOA ns1.example.net. joe.example.org. 1768480496 3600 600 86400 3600
@ IN MX 10 mail
mail 300 IN A 192.0.2.1
"""
"""A master file (RFC 1035 section 5)."""

ETAG = {"etag": answer_header({"type": "string", "pattern": '^"[!#-~]+"$'}, "Changes with the shown content. Strong")}
VALIDATORS = ETAG | {
    "cache-control": answer_header({"const": "private, no-cache"}, "Revalidate with `If-None-Match` before each use")
}

_TAGS = {
    "type": "string",
    "pattern": rf"^(?:{conditional.TAGS}|\s*\*\s*)$",
    "examples": ['"5.543e33c48b3c23d3-json"', "*"],
}
CONDITIONS = (
    header("If-Match", _TAGS, "Proceed only if the entity tag is one of these. `*` matches any"),
    header("If-None-Match", _TAGS, "Proceed only if the entity tag is none of these. `*` matches any"),
)

IDEMPOTENCY_KEY = header(
    "Idempotency-Key",
    {"type": "string", "pattern": "^[!-~]([ -~]{0,253}[!-~])?$", "examples": ["8b6f3e1c-create-example.org"]},
    "Run the request once. Within a day, a repeated request with the same key gets the first answer, unless that was "
    "an error. Keys of other callers and other paths are independent",
)

VARY = answer_header({"const": "Accept"}, "The request header that the answer depends on")

DIRECTION = {"type": "string", "pattern": "^([Aa][Ss][Cc]|[Dd][Ee][Ss][Cc])$", "default": "asc"}

SUDO = (
    header(
        "X-Auth-Sudo-Project-ID", str, "The project to act for. Must be one of the caller's; a super user may name any"
    ),
    header("X-Auth-Sudo-Tenant-ID", str, "Older name of the same header"),
)
EVERYWHERE = (
    header("X-Auth-All-Projects", YES, "Read all projects. For super and support users"),
    query("all_projects", YES, "The same as a query parameter"),
    query("all_tenants", YES, "Older name of the same parameter"),
)


def paging(
    filters: Collection[str],
    orders: Mapping[str, Any],
    marker: Any,
    *,
    prose: Mapping[str, str],
    default: str | None = None,
    counted: bool = True,
) -> tuple[Json, ...]:
    """Return the parameters of a list: page, order and filters. `prose` names the filtered value of each filter.

    The default sort key is the first one without a function, or else `default`.
    """
    assert prose.keys() == set(filters), "the prose describes exactly the filters"
    assert default is None or orders[default] is None, "the default sort key stands for the stored order"
    stored = default or next((name for name, order in orders.items() if order is None), None)
    order = {"type": "string", "enum": list(orders)} | ({"default": stored} if stored else {})
    hiding = header("OpenStack-DNS-Hide-Counts", YES, "Omit `metadata.total_count`")
    limit = {"oneOf": [Number, {"type": "string", "pattern": "^[Mm][Aa][Xx]$"}], "default": DEFAULT_LIMIT}
    return (
        query(
            "limit",
            limit,
            f"Maximum number of entries. `max` and higher numbers mean {HIGHEST_LIMIT}. Large entries make shorter "
            "pages: follow `links.next`",
        ),
        query("marker", marker, "Begin after this entry"),
        query("sort_key", order, "The sort key. Entries with equal keys have a fixed order"),
        query("sort_dir", DIRECTION, "`asc` or `desc`, in upper or lower case"),
        *(query(name, str, f"Select by {text}. `*` matches any characters") for name, text in prose.items()),
        *([hiding] if counted else []),
    )


def page(name: str, entry: Any, *, metadata: Any = ListMetadata) -> Json:
    """Return the schema of an answer of `views.listing`. Its entries stand under `name`."""
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


def unmatched() -> dict[str, Json]:
    """Return the answers to unknown paths and methods below /v2."""
    headers = {
        "x-openstack-request-id": {"$ref": "#/components/headers/OpenstackRequestId"},
        "vary": VARY | {"required": False},
    }
    answers = {
        308: answer("The path has an extra final slash", headers=LOCATION),
        404: _error(404, ["not_found"]),
        405: _error(405, ["method_not_allowed"]) | {"headers": ALLOW},
    }
    return {f"designate-{status}": with_headers(headers, each) for status, each in answers.items()}


def _error(status: int, types: list[str]) -> Json:
    """Return the answer for the errors of one status. The first of them is the example."""
    described = {each: ERRORS[each][1] for each in types}
    narrowed = {"code": {"const": status}, "type": {"enum": types}}
    made = answer(
        "\n".join(f"- `{kind}`: {text}" for kind, text in described.items()),
        ref("Error") | {"properties": narrowed},
        RETRY_AFTER if status == HTTPStatus.TOO_MANY_REQUESTS else None,
    )
    sample = _SAMPLES.get(types[0])
    message = words.text(sample) if sample else described[types[0]]
    example = {"code": status, "type": types[0], "message": message, "request_id": "req-..."}
    made["content"]["application/json"]["example"] = example
    return made


SCHEMAS = {
    "ListLinks": Shape(of=ListLinks, prose={"next": "The next page, if there is one"}),
    "ListMetadata": Shape(
        of=ListMetadata, prose={"total_count": "Number of matching entries. `OpenStack-DNS-Hide-Counts` omits it"}
    ),
    "NameServer": Shape(of=NameServer),
    "Error": Shape(
        of=ErrorFields,
        prose={
            "code": "The HTTP status",
            "type": "The kind of error, for programs",
            "message": "Designate's words and, behind them, the value and the reason, for people",
            "request_id": "The `x-openstack-request-id` of the answer",
            "error": "The error in Keystone's form",
            "conflicts": "All record sets that are not as the request says, as far as they fit into a response",
        },
    ),
    "Conflict": Shape(
        of=ConflictFields,
        prose={
            "path": "The move of the request",
        },
        fields={"recordset": RecordSetFields | None},
    ),
    "Reason": Shape(
        of=ReasonFields,
        prose={
            "path": "The field, and positions in lists. Empty for the whole body",
            "validator": "The broken rule",
            "validator_value": "The value that the rule expects",
        },
    ),
}
