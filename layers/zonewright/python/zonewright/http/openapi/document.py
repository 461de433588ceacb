"""The API as an OpenAPI 3.1 document: every route of both dialects, its parameters, body and answers.

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
    "Service": "Versions, and this document. No credentials are needed.",
    "Zones": "A zone is PRIMARY, kept here, or SECONDARY, a copy of another server's.",
    "Record sets": "All records of one owner name and type.",
    "Tasks": "What is done to a whole zone: transfers, restoring, imports and exports.",
    "Owners": "A zone belongs to a project, which may offer it to another, or share it: then others write its record "
    "sets too.",
    "Operators": "Quotas and limits, name servers, and the keys of transfers.",
    "VinylDNS": "Zone sync as VinylDNS has it. Errors are JSON strings or bare text.",
}
"""The headings of the document."""

_DESCRIPTION = """\
DNS zones with their record sets, over two dialects: **OpenStack Designate v2** below `/v2`, and **VinylDNS** below
`/zones`. A Designate project and a VinylDNS admin group are the same thing.

A path that is none of these is a 404, one of them with another method a 405 with `Allow`, both in the dialect the path
belongs to; below `/v2` a slash too many at the end is a 308 to the path without: `components/responses` has them.

The deployment's setting `DesignateRelease` decides the status of changes: 201, 200 and 204 in the release `seed`, 202
in `current`.

A POST below `/v2` may be sent again under the same `Idempotency-Key` and is done once. A zone has an `etag`: with
`If-None-Match` it is sent only if it is another than the caller has, with `If-Match` it is changed or deleted only as
the caller knows it."""

_SIGNATURE = """\
AWS Signature Version 4 over the request by a user's access key: `AWS4-HMAC-SHA256 Credential=.../SERVICE/aws4_request,
SignedHeaders=..., Signature=...`, any region and service name, `host` and a date among the signed headers."""


def document(server: str) -> str:
    """Return the document as JSON, for the service at this URL."""
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
    from zonewright.http.openapi.operations import sent
    from zonewright.http.openapi.schemas import Schemas, Shape
    from zonewright.http.vinyldns import doc as vinyldns

    paths: dict[str, Json] = {}
    shapes: dict[str, Shape | Json] = {"Links": Shape(of=Links), **designate.SCHEMAS}
    for topic in _topics():
        shapes |= topic.schemas
        render = vinyldns.render if topic.tag == "VinylDNS" else designate.render
        for route, operation in topic.operations.items():
            method, path = route.split(" ")
            heading = {"tags": [operation.tag or topic.tag]}
            paths.setdefault(path, {})[method.lower()] = heading | render(method, path, operation)
    headers = {
        "OpenstackRequestId": sent({"type": "string", "pattern": "^req-"}, "By this id the log knows it"),
        "RequestId": sent(str, "By this id the log knows it"),
        "Vary": designate.VARY,
    }
    schemas = Schemas(shapes)
    made = schemas.render({"paths": paths, "responses": designate.strays() | vinyldns.strays(), "headers": headers})
    return {
        "security": [{"token": []}, {"signature": []}],
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
                    "description": "An API token, made with `zonewright token create`; it acts for one project.",
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
    """Yield each subject's part. Import them here, because they import pydantic."""
    from zonewright.http.designate.pools import doc as pools
    from zonewright.http.designate.quotas import doc as quotas
    from zonewright.http.designate.recordsets import doc as recordsets
    from zonewright.http.designate.shares import doc as shares
    from zonewright.http.designate.tasks import doc as tasks
    from zonewright.http.designate.transfers import doc as transfers
    from zonewright.http.designate.tsigkeys import doc as tsigkeys
    from zonewright.http.designate.zones import doc as zones
    from zonewright.http.openapi import service
    from zonewright.http.vinyldns.dryruns import doc as dry_runs
    from zonewright.http.vinyldns.recordsets import doc as recordset_changes
    from zonewright.http.vinyldns.zones import doc as vinyldns_zones

    for doc in (service, zones, recordsets, tasks, transfers, shares, quotas, pools, tsigkeys):
        yield doc.TOPIC
    for doc in (vinyldns_zones, recordset_changes, dry_runs):
        yield doc.TOPIC
