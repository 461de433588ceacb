"""Build the OpenAPI 3.1 document: all routes of both dialects, with parameters, bodies and answers.

A subject describes its routes in its `doc` module. To add a route, add `"METHOD /path": Operation(...)` there:

* `answers` by status, with the TypedDicts of `answer`, which the functions of `view` return;
* `errors`, the `type`s that only this route has;
* `body`, with the pydantic model of `body`; `parameters`, with the tables of `filters`;
* in SCHEMAS, a name for each new TypedDict and model, and the prose about their fields;
* a new path parameter in PATH_PARAMETERS (`operations.py`), a new error in ERRORS (`designate/doc.py`).

Add a new `doc` module to `_topics` below. If a schema cannot say what makes a request valid, `settle` in
`tests/e2e/test_openapi.py` must make it so.

The first request for the document makes it, and the process keeps it. That loads pydantic and all models. No other
function loads them for this. Tests compare the document with the routes, errors and validators. They also check every
answer and every accepted request of `tests/functions` and of the deployed service against it.
"""

import functools
import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from zonewright.http.openapi.operations import Topic
    from zonewright.http.openapi.schemas import Json

TAGS = {
    "Service": "API versions, and this document. These routes need no credentials.",
    "Zones": "The service keeps the contents of a PRIMARY zone. It copies a SECONDARY zone from another name server.",
    "Record sets": "All records of one owner name and type.",
    "Tasks": "Work on a whole zone: transfer, restore, import and export.",
    "Owners": "A project owns its zones. It may offer a zone to another project, or share it. A project with a share "
    "also writes the record sets.",
    "Identity": "Logins in the form of Keystone: the clients of OpenStack get a token here, and find the zones by it.",
    "Operators": "Quotas and limits, name servers, TSIG keys, and rules about zone names.",
    "VinylDNS": "Zones, groups and users in the form of VinylDNS. An error is a JSON string or plain text.",
}
"""The headings of the document, with their descriptions."""

_DESCRIPTION = """\
DNS zones and their record sets, over two HTTP APIs: **OpenStack Designate v2** below `/v2`, and **VinylDNS** below
`/zones`, `/groups` and `/users`. A Designate project and a VinylDNS admin group are the same thing. Clients of
OpenStack log in below `/v3`.

An unknown path returns 404. A known path with another method returns 405 and `Allow`. Both errors have the form of the
path's API. Below `/v2` and `/v3`, a path with an extra final slash returns 308. `components/responses` describes these
answers. A path is decoded before its route is found, so an encoded slash (`%2F`) divides it. An id with one returns
404.

The deployment's setting `DesignateRelease` decides the status of changes. It is 201, 200 or 204 in the release `seed`,
and 202 in the release `current`. `VinyldnsRelease` decides what a sync answers: 200, or 400 soon after another one, in
the release `seed`, and 202 or 403 in the release `current`.

A POST below `/v2` that is repeated with the same `Idempotency-Key` runs once. A zone has an `etag`. With
`If-None-Match`, the service sends the zone only if it has changed. With `If-Match`, the service changes or deletes the
zone only if it has not changed."""

_SIGNATURE = """\
AWS Signature Version 4 with a user's access key:
`AWS4-HMAC-SHA256 Credential=.../SERVICE/aws4_request, SignedHeaders=..., Signature=...`.
The region and the service name may be any. The signed headers must include `host` and a date."""

REQUEST_ID = "The id of the request in the service's log"


def document(server: str) -> str:
    """Return the document as JSON text. `server` is the URL of the service."""
    return json.dumps({"openapi": "3.1.0", **_head(), "servers": [{"url": server}], **_contents()})


def _head() -> "Json":
    return {
        "info": {
            "title": "Zonewright",
            "version": "v2",
            "summary": "A serverless DNS zone service",
            "description": _DESCRIPTION,
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        }
    }


@functools.cache
def _contents() -> "Json":
    """Return the part that is the same for every caller."""
    from zonewright.http.designate import doc as designate
    from zonewright.http.formats import Links
    from zonewright.http.keystone import doc as keystone
    from zonewright.http.openapi.operations import answer_header
    from zonewright.http.openapi.schemas import Schemas, Shape
    from zonewright.http.vinyldns import doc as vinyldns

    renders = {"VinylDNS": vinyldns.render, "Identity": keystone.render}
    paths: dict[str, Json] = {}
    shapes: dict[str, Shape | Json] = {"Links": Shape(of=Links), **designate.SCHEMAS}
    for topic in _topics():
        shapes |= topic.schemas
        render = renders.get(topic.tag, designate.render)
        for route, operation in topic.operations.items():
            method, path = route.split(" ")
            heading = {"tags": [operation.tag or topic.tag]}
            paths.setdefault(path, {})[method.lower()] = heading | render(method, path, operation)
    headers = {
        "OpenstackRequestId": answer_header({"type": "string", "pattern": "^req-"}, REQUEST_ID),
        "RequestId": answer_header(str, REQUEST_ID),
        "Vary": designate.VARY,
    }
    schemas = Schemas(shapes)
    made = schemas.render(
        {
            "paths": paths,
            "responses": designate.unmatched() | keystone.unmatched() | vinyldns.unmatched(),
            "headers": headers,
        }
    )
    return {
        "security": [{"token": []}, {"bearer": []}, {"signature": []}],
        "tags": [{"name": name, "description": description} for name, description in TAGS.items()],
        "paths": made["paths"],
        "components": {
            "schemas": schemas.named,
            "responses": made["responses"],
            "headers": made["headers"],
            "securitySchemes": {
                "token": {
                    "type": "apiKey",
                    "in": "header",
                    "name": "X-Auth-Token",
                    "description": "A token from a login at `/v3/auth/tokens`, or an API token of one project from "
                    "`zonewright token create`.",
                },
                "bearer": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": "The same token in `Authorization: Bearer`, if there is no `X-Auth-Token`.",
                },
                "signature": {
                    "type": "apiKey",
                    "in": "header",
                    "name": "Authorization",
                    "description": _SIGNATURE,
                },
            },
        },
    }


def _topics() -> "Iterator[Topic]":
    """Yield the part of each subject. The imports stand here because they load pydantic."""
    from zonewright.http.designate.namelists import doc as name_lists
    from zonewright.http.designate.pools import doc as pools
    from zonewright.http.designate.quotas import doc as quotas
    from zonewright.http.designate.recordsets import doc as recordsets
    from zonewright.http.designate.shares import doc as shares
    from zonewright.http.designate.tasks import doc as tasks
    from zonewright.http.designate.transfers import doc as transfers
    from zonewright.http.designate.tsigkeys import doc as tsigkeys
    from zonewright.http.designate.zones import doc as zones
    from zonewright.http.keystone.credentials import doc as credentials
    from zonewright.http.keystone.projects import doc as projects
    from zonewright.http.keystone.tokens import doc as tokens
    from zonewright.http.openapi import service
    from zonewright.http.vinyldns.dryruns import doc as dry_runs
    from zonewright.http.vinyldns.groups import doc as groups
    from zonewright.http.vinyldns.recordsets import doc as recordset_changes
    from zonewright.http.vinyldns.service import doc as vinyldns_service
    from zonewright.http.vinyldns.users import doc as users
    from zonewright.http.vinyldns.zones import doc as vinyldns_zones

    for doc in (service, zones, recordsets, tasks, transfers, shares, quotas, pools, tsigkeys, name_lists):
        yield doc.TOPIC
    for doc in (tokens, projects, credentials):
        yield doc.TOPIC
    for doc in (vinyldns_zones, recordset_changes, dry_runs, groups, users, vinyldns_service):
        yield doc.TOPIC
