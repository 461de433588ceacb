"""The OpenStack Designate v2 dialect: `@dialect.endpoint`, errors, and the headers that many routes read.

The table ERRORS has the status and the `type` of each error (contract `designate.md`, section 2), `words` its text.
"""

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from zonewright.errors import (
    AcceptanceNotFound,
    BlacklistExists,
    BlacklistNotFound,
    EmptyBody,
    Exists,
    ExportNotFound,
    GroupUnknown,
    IdempotencyKeyInUse,
    IdempotencyKeyReused,
    IllegalChild,
    IllegalParent,
    ImportNotFound,
    Invalid,
    InvalidId,
    InvalidJson,
    InvalidLimit,
    InvalidMarker,
    InvalidSortDirection,
    InvalidSortKey,
    InvalidTarget,
    InvalidTtl,
    InvalidZoneName,
    MalformedHeader,
    MalformedQuery,
    MalformedZoneFile,
    MarkerNotFound,
    MethodNotAllowed,
    MovesRefused,
    NotAcceptable,
    NotAuthenticated,
    NotAuthorized,
    NotFound,
    NotRestorable,
    NoValidPool,
    OfferEnded,
    OfferExists,
    OfferNotFound,
    OverQuota,
    PoolNotFound,
    PreconditionFailed,
    Reason,
    RecordSetChanged,
    RecordSetExists,
    RecordSetManaged,
    RecordSetMisplaced,
    RecordSetNotFound,
    RecordSetsDiffer,
    RequestError,
    SettingsChanged,
    ShareExists,
    ShareNotFound,
    SyncRefused,
    TldExists,
    TldNotFound,
    TooLarge,
    TooManyRecords,
    TooManyRequests,
    TsigKeyChanged,
    TsigKeyExists,
    TsigKeyNotFound,
    Unsupported,
    WrongOfferKey,
    ZoneBusy,
    ZoneExists,
    ZoneHasSubZone,
    ZoneNotFound,
    ZoneShared,
)
from zonewright.http.designate import words
from zonewright.http.designate.refusals import WrongAccept
from zonewright.http.endpoint import Dialect, lookup
from zonewright.http.message import Request, Response

if TYPE_CHECKING:
    from zonewright.http.designate.answers import ErrorFields, ReasonFields

ERRORS: dict[type[RequestError], tuple[int, str]] = {
    RequestError: (400, "bad_request"),
    Invalid: (400, "invalid_object"),
    EmptyBody: (400, "empty_request_body"),
    InvalidJson: (400, "invalid_json"),
    MalformedQuery: (400, "bad_request"),
    MalformedHeader: (400, "bad_request"),
    MalformedZoneFile: (400, "bad_request"),
    InvalidLimit: (400, "invalid_limit"),
    InvalidMarker: (400, "invalid_marker"),
    MarkerNotFound: (400, "marker_not_found"),
    InvalidSortKey: (400, "invalid_sort_key"),
    InvalidSortDirection: (400, "invalid_sort_dir"),
    InvalidId: (400, "invalid_uuid"),
    GroupUnknown: (400, "missing_project_id"),
    InvalidTarget: (400, "invalid_project"),
    InvalidZoneName: (400, "invalid_zone_name"),
    InvalidTtl: (400, "invalid_ttl"),
    ZoneHasSubZone: (400, "zone_has_sub_zone"),
    NotRestorable: (400, "bad_request"),
    RecordSetMisplaced: (400, "invalid_recordset_location"),
    RecordSetManaged: (400, "bad_request"),
    TooManyRecords: (400, "bad_request"),
    SyncRefused: (400, "bad_request"),
    ZoneShared: (400, "zone_is_shared"),
    OfferEnded: (400, "invalid_zone_transfer_request"),
    NotAuthenticated: (401, "unauthorized"),
    NotAuthorized: (403, "forbidden"),
    IllegalChild: (403, "illegal_child"),
    IllegalParent: (403, "illegal_parent"),
    WrongOfferKey: (403, "invalid_key"),
    NotFound: (404, "not_found"),
    ZoneNotFound: (404, "zone_not_found"),
    RecordSetNotFound: (404, "recordset_not_found"),
    ImportNotFound: (404, "zone_import_not_found"),
    ExportNotFound: (404, "zone_export_not_found"),
    PoolNotFound: (404, "pool_not_found"),
    NoValidPool: (404, "no_valid_pool_found"),
    TsigKeyNotFound: (404, "tsigkey_not_found"),
    TldNotFound: (404, "tld_not_found"),
    BlacklistNotFound: (404, "blacklist_not_found"),
    ShareNotFound: (404, "shared_zone_not_found"),
    OfferNotFound: (404, "zone_transfer_request_not_found"),
    AcceptanceNotFound: (404, "zone_transfer_accept_not_found"),
    MethodNotAllowed: (405, "method_not_allowed"),
    NotAcceptable: (406, "unsupported_accept"),
    Exists: (409, "duplicate"),
    ZoneExists: (409, "duplicate_zone"),
    RecordSetExists: (409, "duplicate_recordset"),
    RecordSetChanged: (409, "recordset_changed"),
    TsigKeyExists: (409, "duplicate_tsigkey"),
    TsigKeyChanged: (409, "tsigkey_busy"),
    TldExists: (409, "duplicate_tld"),
    BlacklistExists: (409, "duplicate_blacklist"),
    SettingsChanged: (409, "settings_busy"),
    ShareExists: (409, "duplicate_shared_zone"),
    OfferExists: (409, "duplicate_zone_transfer_request"),
    ZoneBusy: (409, "zone_busy"),
    IdempotencyKeyInUse: (409, "idempotency_key_in_use"),
    PreconditionFailed: (412, "precondition_failed"),
    TooLarge: (413, "over_quota"),
    OverQuota: (413, "over_quota"),
    Unsupported: (415, "unsupported_content_type"),
    IdempotencyKeyReused: (422, "idempotency_key_reused"),
    TooManyRequests: (429, "too_many_requests"),
}
"""The status and the `type` of each error."""

_TRUE = frozenset({"1", "true", "yes", "on", "t", "y"})
_JSON = ("application/json", "application/*", "*/*")
_TEXT = ("text/dns", "text/*", "*/*")
"""The media ranges that select each form, the most specific first."""
_FORMS = {
    "GET /v2/zones/{zone_id}": (_JSON, _TEXT),
    "GET /v2/zones/tasks/exports/{export_id}/export": (_TEXT,),
}
"""The forms of a route's answers. Any other route answers JSON."""
_QUALITY = re.compile(r";\s*q\s*=\s*([01](?:\.[0-9]{0,3})?)\s*(?:;|$)", re.IGNORECASE)


def refusal(request: Request, error: RequestError) -> Response:
    """Return an error of the caller in Designate's form. Of several refusals the first gives status and text."""
    first = error.refusals[0].error if isinstance(error, MovesRefused) else error
    status, kind = lookup(ERRORS, first)
    message = words.text(first)
    body: ErrorFields = {
        "code": status,
        "type": kind,
        "message": message,
        "request_id": request_id(request),
    }
    headers = {}
    if isinstance(error, Invalid) and error.reasons:
        body["errors"] = {"errors": [reason_fields(reason) for reason in error.reasons]}
    if isinstance(error, MovesRefused | RecordSetsDiffer):
        from zonewright.http.designate.recordsets import refused

        body |= refused.fields(request, error)
    if isinstance(error, NotAuthenticated):
        body["error"] = {"code": 401, "title": "Unauthorized", "message": message}
    if isinstance(error, MethodNotAllowed):
        headers["allow"] = ", ".join(error.allowed)
    if isinstance(error, TooManyRequests):
        headers["retry-after"] = str(error.after)
    return Response.json(status, body, headers)


def failure(request: Request) -> Response:
    """Return an internal error. The log has the details under the request id."""
    message = "An internal error; the service's log has it under the request id"
    body: ErrorFields = {"code": 500, "type": "unknown", "message": message, "request_id": request_id(request)}
    return Response.json(500, body)


def admit(request: Request) -> Request:
    """Return the request with the project that it acts for.

    This is the project in the headers, else the project of the token, else the user's only one. Raise NotAcceptable if
    the route has none of the accepted media types. Raise NotAuthorized if the caller may not act for the project, or
    read all projects. Raise GroupUnknown if none of these names one project.
    """
    _check_accept(request)
    caller = request.caller
    headers = request.headers
    everywhere = all_projects(request)
    if everywhere and not (caller.is_super or caller.is_support):
        raise may_not(request, "see all projects")
    asked = headers.get("x-auth-sudo-project-id") or headers.get("x-auth-sudo-tenant-id")
    if asked:
        if not caller.administers(asked):
            raise may_not(request, f"act for project {asked}")
        return replace(request, identity=replace(caller, group_id=asked))
    if caller.group_id is None and not (everywhere and request.method == "GET"):
        raise GroupUnknown(f"user {caller.user_name} is not in exactly one group: name one in X-Auth-Sudo-Project-ID")
    return request


def may_not(request: Request, act: str) -> NotAuthorized:
    """Return the error for a caller without the right to `act`."""
    return NotAuthorized(f"user {request.caller.user_name} may not {act}")


def finish(request: Request, response: Response) -> Response:
    """Return the response with the headers that every answer has."""
    headers = {**response.headers, "x-openstack-request-id": request_id(request)}
    if request.method == "GET":
        headers["vary"] = "Accept"
    return replace(response, headers=headers)


def request_id(request: Request) -> str:
    """Return the id of the request in answers. Logs have it without `req-`."""
    return f"req-{request.id}"


def all_projects(request: Request) -> bool:
    """Return whether the request asks for all projects, by header or query."""
    asked = [request.headers.get("x-auth-all-projects", "")]
    for name in ("all_projects", "all_tenants"):
        asked += request.query.get(name, [])
    return any(map(_true, asked))


def edits_managed(request: Request) -> bool:
    """Return whether the request may change managed record sets. Raise NotAuthorized unless a super user asks."""
    asked = [request.headers.get("x-designate-edit-managed-records", "")]
    asked += request.query.get("edit_managed_records", [])
    if not any(map(_true, asked)):
        return False
    if not request.caller.is_super:
        raise may_not(request, "edit managed records")
    return True


def hides_counts(request: Request) -> bool:
    """Return whether the request asks for a list without the number of its entries."""
    return _true(request.headers.get("openstack-dns-hide-counts", ""))


def wants_text(request: Request) -> bool:
    """Return whether the request prefers a master file to JSON."""
    return _preference(request, _TEXT) > _preference(request, _JSON)


def deletes_shares(request: Request) -> bool:
    """Return whether the request asks to delete a zone even if it is shared."""
    return _true(request.headers.get("x-designate-delete-shares", ""))


DIALECT = Dialect(refusal, failure, admit, finish, repeatable=True)
endpoint = DIALECT.endpoint


def _true(text: str) -> bool:
    return text.strip().lower() in _TRUE


def _check_accept(request: Request) -> None:
    forms = _FORMS.get(request.route, (_JSON,))
    if not any(_preference(request, each)[0] for each in forms):
        written = " or ".join(each[0] for each in reversed(forms))
        raise WrongAccept(f"not {request.headers['accept']}", wanted=written)


def _preference(request: Request, ranges: tuple[str, ...]) -> tuple[float, int]:
    """Return the quality of the first of `ranges` in `Accept`, and how specific it is (RFC 9110 section 12.5.1)."""
    accept = request.headers.get("accept", "")
    asked: dict[str, float] = {}
    for each in (accept if accept.strip() else "*/*").split(","):
        name, _, _ = each.partition(";")
        quality = _QUALITY.search(each)
        asked.setdefault(name.strip().lower(), float(quality[1]) if quality else 1.0)
    found = [(asked[name], -vague) for vague, name in enumerate(ranges) if name in asked]
    return found[0] if found else (0.0, 0)


def reason_fields(reason: Reason) -> "ReasonFields":
    """Return one reason for a refusal."""
    return {
        "path": list(reason.path),
        "message": reason.message,
        "validator": reason.rule,
        "validator_value": reason.expected,
    }
