"""The API as an OpenAPI 3.1 document: every route of both dialects, what it takes and all it answers.

To add a route, put an entry `"METHOD /path": Operation(...)` into the module of its topic (a new topic: a module with a
`TOPIC`, named in TOPICS below), with

* every answer of its own by status, and as `errors` the `type`s of the errors only it has,
* the schema of what it shows in the topic's SCHEMAS, and of its body, under the name of its pydantic model,
* what is new in a path, in PATH_PARAMETERS, and what is new among errors, in ERRORS of `operations.py`.

and in `tests/e2e/test_openapi.py`, what no schema can say of a right request (`settle`).

The document is made of Python when it is first asked for, by dictionaries alone (15 ms, with their import): so there is
no file beside it that could be stale, and nothing to build. Tests hold it to the routes, the filters, the errors and
the bodies, and to it each answer and each accepted request of `tests/functions` and of the deployed service.
"""

import functools
import json

from zonewright.http.designate.pools import doc as pools
from zonewright.http.designate.quotas import doc as quotas
from zonewright.http.designate.recordsets import doc as recordsets
from zonewright.http.designate.shares import doc as shares
from zonewright.http.designate.tasks import doc as tasks
from zonewright.http.designate.transfers import doc as transfers
from zonewright.http.designate.tsigkeys import doc as tsigkeys
from zonewright.http.designate.zones import doc as zones
from zonewright.http.openapi import operations as dialects
from zonewright.http.openapi import service
from zonewright.http.openapi.operations import sent
from zonewright.http.openapi.schemas import SCHEMAS, TEXT, Json
from zonewright.http.vinyldns.dryruns import doc as dry_runs
from zonewright.http.vinyldns.recordsets import doc as recordset_changes
from zonewright.http.vinyldns.zones import doc as vinyldns_zones

DESIGNATE = (service, zones, recordsets, tasks, transfers, shares, quotas, pools, tsigkeys)
VINYLDNS = (vinyldns_zones, recordset_changes, dry_runs)

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
"""The headings that operations stand under."""

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
    """The document as JSON, for the service at this URL."""
    return json.dumps({"openapi": "3.1.0", **_head(), "servers": [{"url": server}], **_contents()})


def _head() -> Json:
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
def _contents() -> Json:
    """All of it that is the same for everybody."""
    paths: dict[str, Json] = {}
    schemas = dict(SCHEMAS)
    for docs, render in ((DESIGNATE, dialects.designate), (VINYLDNS, dialects.vinyldns)):
        for topic in (doc.TOPIC for doc in docs):
            schemas |= topic.schemas
            for route, operation in topic.operations.items():
                method, path = route.split(" ")
                heading = {"tags": [operation.tag or topic.tag]}
                paths.setdefault(path, {})[method.lower()] = heading | render(method, path, operation)
    return {
        "security": [{"token": []}, {"signature": []}],
        "tags": [{"name": name, "description": description} for name, description in TAGS.items()],
        "paths": paths,
        "components": {
            "schemas": schemas,
            "responses": dialects.strays(),
            "headers": {
                "OpenstackRequestId": sent({"type": "string", "pattern": "^req-"}, "By this id the log knows it"),
                "RequestId": sent(TEXT, "By this id the log knows it"),
                "Vary": dialects.VARY,
            },
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
