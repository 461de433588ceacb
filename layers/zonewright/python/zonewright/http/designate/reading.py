"""What requests to /v2 ask for: ids in paths, pages, and JSON bodies as plain objects."""

import json
import uuid
from dataclasses import dataclass
from typing import Any

from zonewright.errors import Invalid, InvalidPaging, MalformedBody, Reason, TooLarge, Unsupported
from zonewright.http.designate import all_projects
from zonewright.http.message import Request

LARGEST_BODY = 114_688  # Designate's own default, max_request_body_size
DEFAULT_LIMIT = 20
HIGHEST_LIMIT = 1000  # max_page_limit; larger ones are taken as this
_PAGING = frozenset({"limit", "marker", "sort_key", "sort_dir", "all_projects", "all_tenants"})


@dataclass(frozen=True, slots=True)
class Page:
    """Which part of a list is asked for."""

    limit: int = DEFAULT_LIMIT
    marker: str | None = None


def zone_id(request: Request) -> str:
    """The zone the path names."""
    return _uuid(request.parameters["zone_id"], Invalid("Invalid UUID zone_id", kind="invalid_uuid"))


def project_id(request: Request) -> str:
    """The project the request is for."""
    assert request.caller.group_id is not None, "designate.admit settles it"
    return request.caller.group_id


def zone_page(request: Request) -> Page:
    """A page of zones; its marker is a zone's id."""
    page = recordset_page(request)
    if all_projects(request):
        raise Invalid("Zones are listed one project at a time: name it in X-Auth-Sudo-Project-ID", kind="bad_request")
    if page.marker is None:
        return page
    problem = InvalidPaging(f"Invalid marker {short(page.marker)}", kind="invalid_marker")
    return Page(page.limit, _uuid(page.marker, problem))


def recordset_page(request: Request) -> Page:
    """A page of record sets; its marker is a record set's id, or what `links.next` said."""
    query = request.query
    unknown = sorted(query.keys() - _PAGING)
    if unknown:
        raise Invalid(f"Unknown query parameters: {', '.join(unknown)}", kind="bad_request")
    repeated = sorted(name for name, values in query.items() if len(values) > 1)
    if repeated:
        raise Invalid(f"Query parameters given more than once: {', '.join(repeated)}", kind="bad_request")
    single = {name: values[0] for name, values in query.items()}
    if single.get("sort_key", "created_at") != "created_at":
        raise InvalidPaging("sort_key must be created_at", kind="invalid_sort_key")
    if single.get("sort_dir", "asc").lower() != "asc":
        raise InvalidPaging("sort_dir must be asc", kind="invalid_sort_dir")
    return Page(_limit(single.get("limit")), single.get("marker"))


def json_object(request: Request, envelope: str) -> dict[str, Any]:
    """The body, with or without its envelope: `{"zone": {...}}` and `{...}` are the same."""
    if len(request.body) > LARGEST_BODY:
        raise TooLarge(f"the body has {len(request.body)} octets, more than {LARGEST_BODY}")
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type != "application/json":
        raise Unsupported(f"the body must be application/json, not {media_type or 'of no type'}")
    if not request.body.strip():
        raise MalformedBody("Request Body is empty", kind="empty_request_body")
    try:
        body = json.loads(request.body.decode(), parse_constant=_refuse_constant)
        json.dumps(body, ensure_ascii=False).encode()  # half a surrogate pair is no text
    except (ValueError, RecursionError) as error:
        raise MalformedBody(f"Request Body is not valid JSON: {error}", kind="invalid_json") from error
    if isinstance(body, dict) and body.keys() == {envelope}:
        body = body[envelope]
    if not isinstance(body, dict):
        problem = f"{short(body)} is not of type 'object'"
        raise MalformedBody(problem, [Reason(problem, (), "type", "object")])
    return body


def short(value: object) -> str:
    """A value as a message shows it: never much of it."""
    text = repr(value)
    return text if len(text) <= 80 else text[:77] + "..."


def _limit(text: str | None) -> int:
    if text is None:
        return DEFAULT_LIMIT
    if text.lower() == "max":
        return HIGHEST_LIMIT
    if not (text.isascii() and text.isdigit() and text.strip("0")):
        raise InvalidPaging(f"Invalid limit value {short(text)}: a positive integer or max", kind="invalid_limit")
    return HIGHEST_LIMIT if len(text.lstrip("0")) > 4 else min(int(text), HIGHEST_LIMIT)


def _uuid(text: str, problem: Invalid) -> str:
    try:
        if len(text) == 36:
            return str(uuid.UUID(text))
    except ValueError:
        pass
    raise problem


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")
