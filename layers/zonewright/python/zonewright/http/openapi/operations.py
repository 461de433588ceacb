"""One operation of the API, and what each dialect adds to all of its own.

A Designate operation names the `type`s of the errors that are its own; they become one answer a status. What every
one of them may answer (no credentials, no right, no such media type, a fault of ours) is added here, and so are the
parameters of its path and the headers of the dialect.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from zonewright.http import conditional
from zonewright.http.openapi.schemas import SHORT_ID, TEXT, URL, UUID, Json, ref

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """What one method does on one path; `name` is its operationId, `errors` the `type`s of Designate's errors.

    `tag` is the heading it stands under, where that is another than its topic's.
    """

    name: str
    summary: str
    answers: Mapping[int, Json]
    errors: tuple[str, ...] = ()
    description: str = ""
    parameters: tuple[Json, ...] = ()
    body: Json | None = None
    public: bool = False
    tag: str = ""


@dataclass(frozen=True, slots=True)
class Topic:
    """Operations by `METHOD /path`, in the order in which they are read, and the schemas they brought."""

    tag: str
    operations: Mapping[str, Operation]
    schemas: Mapping[str, Json]


def query(name: str, schema: Json, description: str) -> Json:
    """A parameter of the query."""
    return {"name": name, "in": "query", "schema": schema, "description": description}


def header(name: str, schema: Json, description: str) -> Json:
    """A header that may be sent."""
    return {"name": name, "in": "header", "schema": schema, "description": description}


def answer(
    description: str, schema: Json | None = None, headers: Json | None = None, *, media: str = "application/json"
) -> Json:
    """One answer, without a body where there is no `schema`, with the headers it has beyond its dialect's."""
    content = {} if schema is None else {"content": {media: {"schema": schema}}}
    return {"description": description, "headers": headers or {}, **content}


def body(schema: Json, *, required: bool = True, **examples: Json) -> Json:
    """A JSON body, with examples by name."""
    shown = {"examples": {name: {"value": value} for name, value in examples.items()}} if examples else {}
    return {"required": required, "content": {"application/json": {"schema": schema} | shown}}


def or_file(made: Json) -> Json:
    """The same body, or a master file in its place."""
    return made | {"content": made["content"] | {"text/dns": {"schema": TEXT, "examples": {"file": {"value": FILE}}}}}


def wrapped(envelope: str, schema: Json) -> Json:
    """A body that may come in an envelope, as Designate's first clients send it."""
    inside = {"type": "object", "properties": {envelope: schema}, "required": [envelope], "additionalProperties": False}
    return {"anyOf": [schema, inside]}


def sent(schema: Json, description: str) -> Json:
    """A header that the answer always has."""
    return {"required": True, "schema": schema, "description": description}


LOCATION = {"location": sent(URL, "Where it is, the same as `links.self`")}
ELSEWHERE = {"location": sent(URL, "Where to GET it")}
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

ALLOW = {"allow": sent(TEXT, "The methods it takes")}
VARY = sent({"const": "Accept"}, "What an answer depends on")

YES = {"type": "string", "examples": ["true"]}

SUDO = (
    header("X-Auth-Sudo-Project-ID", TEXT, "The project to act for: one of the caller's own, or any for a super user"),
    header("X-Auth-Sudo-Tenant-ID", TEXT, "The same by its older name"),
)
EVERYWHERE = (
    header("X-Auth-All-Projects", YES, "Look at all projects; super and support users"),
    query("all_projects", YES, "The same in the query"),
    query("all_tenants", YES, "The same by its older name"),
)

PATH_PARAMETERS: dict[str, tuple[Json, str]] = {
    "zone_id": (UUID, "The zone"),
    "recordset_id": (UUID, "The record set"),
    "transfer_request_id": (UUID, "The transfer request"),
    "transfer_accept_id": (UUID, "The acceptance"),
    "share_id": (UUID, "The share"),
    "import_id": (UUID, "The import"),
    "export_id": (UUID, "The export"),
    "pool_id": (UUID, "The pool"),
    "project_id": (TEXT | {"minLength": 1}, "The project"),
    "tsigkey_id": (UUID, "The TSIG key"),
    "zoneId": (SHORT_ID | {"minLength": 1}, "The zone; any text: one that is no id is not found"),
    "changeId": (SHORT_ID | {"minLength": 1}, "The change; any text: one that is no id is not found"),
    "dryRunId": (SHORT_ID | {"minLength": 1}, "The dry run; any text: one that is no id is not found"),
    "asset": (TEXT, "The file"),
}
"""Each parameter of a path, by its name: its schema, and what it names."""


DIRECTION = {"type": "string", "pattern": "^([Aa][Ss][Cc]|[Dd][Ee][Ss][Cc])$", "default": "asc"}


def paging(
    sort_keys: tuple[str, ...],
    marker: Json,
    *,
    default: str | None = "created_at",
    counted: bool = True,
    **filters: str,
) -> tuple[Json, ...]:
    """The query of a list: its page, its order, and its filters with what each looks at.

    `default` is the sort key that gives the order the list has anyway, if one does.
    """
    order = {"type": "string", "enum": list(sort_keys)} | ({"default": default} if default else {})
    hiding = header("OpenStack-DNS-Hide-Counts", YES, "Leave `metadata.total_count` out")
    limit = {"oneOf": [{"type": "integer", "minimum": 1}, {"type": "string", "pattern": "^[Mm][Aa][Xx]$"}]}
    return (
        query("limit", limit | {"default": 20}, "How many at most: 1000, which `max` stands for, whatever is asked"),
        query("marker", marker, "Begin behind this entry"),
        query("sort_key", order, "What to sort by; what is equal in that has one order too"),
        query("sort_dir", DIRECTION, "`asc` or `desc`, in any case of letters"),
        *(query(name, TEXT, f"Only where {text}: exact, or with `*` anywhere") for name, text in filters.items()),
        *([hiding] if counted else []),
    )


def designate(method: str, path: str, operation: Operation) -> Json:
    """The operation as OpenAPI has it, in the dialect of Designate."""
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
    return _rendered(path, operation, shared, answers, headers)


def vinyldns(_: str, path: str, operation: Operation) -> Json:
    """The operation as OpenAPI has it, in the dialect of VinylDNS."""
    headers = {"x-request-id": {"$ref": "#/components/headers/RequestId"}}
    always = {
        401: bare("No credentials, or they do not hold"),
        500: bare("A fault of ours: its log has it under the request id"),
    }
    return _rendered(path, operation, (), {**operation.answers, **always}, headers)


def said(description: str) -> Json:
    """A refusal in VinylDNS's words: the message as a JSON string."""
    return answer(description, TEXT)


def bare(description: str) -> Json:
    """A refusal in VinylDNS's words, of credentials or of a query that cannot be read: the message alone."""
    return answer(description, TEXT, media="text/plain")


def either(*answers: Json) -> Json:
    """An answer of several media types, described as the first."""
    return answers[0] | {"content": {media: each for one in answers for media, each in one["content"].items()}}


def said_or_bare(description: str) -> Json:
    """A refusal of either form."""
    return either(said(description), bare(""))


def _rendered(
    path: str, operation: Operation, shared: tuple[Json, ...], answers: Mapping[int, Json], headers: Json
) -> Json:
    in_path = [
        {"name": name, "in": "path", "required": True, "schema": schema, "description": description}
        for name in re.findall(r"\{(\w+)\}", path)
        for schema, description in [PATH_PARAMETERS[name]]
    ]
    rendered: Json = {"operationId": operation.name, "summary": operation.summary}
    if operation.description:
        rendered["description"] = operation.description
    if operation.public:
        rendered["security"] = []
    if parameters := [*in_path, *operation.parameters, *shared]:
        rendered["parameters"] = parameters
    if operation.body:
        rendered["requestBody"] = operation.body
    rendered["responses"] = {
        str(status): each | {"headers": headers | each["headers"]} for status, each in sorted(answers.items())
    }
    return rendered


def strays() -> dict[str, Json]:
    """What a path or a method that is none of the service's is answered, by dialect and status."""
    ours = {"x-openstack-request-id": {"$ref": "#/components/headers/OpenstackRequestId"}}
    ours["vary"] = VARY | {"required": False}
    theirs = {"x-request-id": {"$ref": "#/components/headers/RequestId"}}
    answers = {
        "designate": {
            308: (ours, answer("A slash too many at the end", headers=LOCATION)),
            404: (ours, _error(404, ["not_found"])),
            405: (ours, _error(405, ["method_not_allowed"]) | {"headers": ALLOW}),
        },
        "vinyldns": {
            404: (theirs, bare("No such path")),
            405: (theirs, bare("The path takes other methods") | {"headers": ALLOW}),
        },
    }
    return {
        f"{dialect}-{status}": each | {"headers": headers | each["headers"]}
        for dialect, statuses in answers.items()
        for status, (headers, each) in statuses.items()
    }


def _error(status: int, types: list[str]) -> Json:
    """The errors of one status, with the first as an example."""
    described = {each: ERRORS[each][1] for each in types}
    narrowed = {"code": {"const": status}, "type": {"enum": types}}
    made = answer(
        "\n".join(f"- `{kind}`: {text}" for kind, text in described.items()), ref("Error") | {"properties": narrowed}
    )
    example = {"code": status, "type": types[0], "message": described[types[0]], "request_id": "req-..."}
    made["content"]["application/json"]["example"] = example
    return made
