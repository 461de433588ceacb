"""The API document of the public routes: versions, and the document itself."""

from zonewright.http.designate.answers import OneVersion, VersionFields, Versions
from zonewright.http.openapi.operations import Operation, Topic, answer, header, sent
from zonewright.http.openapi.schemas import Shape

CACHED = {
    "etag": sent({"type": "string", "pattern": '^"[0-9a-f]{32}"$'}, "Changes with the content"),
    "cache-control": sent({"type": "string", "pattern": "^public, max-age="}, "How long it may be kept unasked"),
}
GUARDED = {"x-content-type-options": sent({"const": "nosniff"}, "The type is as said")}
SECLUDED = {
    "content-security-policy": sent(str, "It loads nothing from elsewhere"),
    "referrer-policy": sent({"const": "no-referrer"}, "It tells nobody where it is"),
}
UNCHANGED = answer("The caller has it already", headers=CACHED)
IF_NONE_MATCH = (header("If-None-Match", str, "The `etag` of what the caller has"),)

OPERATIONS = {
    "GET /": Operation(
        name="list_versions",
        summary="The versions of the Designate dialect",
        answers={200: answer("The list", Versions)},
        public=True,
    ),
    "GET /v2": Operation(
        name="get_version",
        summary="The version itself",
        answers={200: answer("The version", OneVersion)},
        description="For clients whose endpoint ends in `/v2`.",
        public=True,
    ),
    "GET /openapi.json": Operation(
        name="get_document",
        summary="This document",
        answers={200: answer("OpenAPI 3.1", {"type": "object"}, CACHED), 304: UNCHANGED},
        parameters=IF_NONE_MATCH,
        public=True,
    ),
    "GET /docs": Operation(
        name="get_page",
        summary="This document as a page",
        answers={
            200: answer("The page", str, CACHED | GUARDED | SECLUDED, media="text/html"),
            304: UNCHANGED,
        },
        parameters=IF_NONE_MATCH,
        public=True,
    ),
    "GET /docs/{asset}": Operation(
        name="get_asset",
        summary="What the page loads",
        answers={
            200: answer("A script or a style", headers=CACHED | GUARDED)
            | {"content": {"text/javascript": {"schema": str}, "text/css": {"schema": str}}},
            304: UNCHANGED,
        },
        errors=("not_found",),
        parameters=IF_NONE_MATCH,
        public=True,
    ),
}

SCHEMAS = {"Version": Shape(of=VersionFields)}

TOPIC = Topic("Service", OPERATIONS, SCHEMAS)
