"""The API document of the public routes: API versions, and the document itself."""

from zonewright.http.designate.answers import OneVersion, VersionFields, Versions
from zonewright.http.openapi.operations import Operation, Topic, answer, answer_header, header
from zonewright.http.openapi.schemas import Shape

CACHED = {
    "etag": answer_header({"type": "string", "pattern": '^"[0-9a-f]{32}"$'}, "Changes with the content"),
    "cache-control": answer_header(
        {"type": "string", "pattern": "^public, max-age="}, "The lifetime in caches, in seconds"
    ),
}
TYPED = {"x-content-type-options": answer_header({"const": "nosniff"}, "A browser must not guess another type")}
PAGE_SECURITY = {
    "content-security-policy": answer_header(str, "The page loads nothing from other hosts"),
    "referrer-policy": answer_header({"const": "no-referrer"}, "The browser tells no other site the address"),
}
UNCHANGED = answer("The caller has the current content", headers=CACHED)
IF_NONE_MATCH = (header("If-None-Match", str, "The `etag` of the caller's copy"),)

OPERATIONS = {
    "GET /": Operation(
        name="list_versions",
        summary="List the versions of the Designate API",
        answers={200: answer("The list", Versions)},
        public=True,
    ),
    "GET /v2": Operation(
        name="get_version",
        summary="Show the version v2",
        answers={200: answer("The version", OneVersion)},
        description="For clients whose endpoint ends in `/v2`.",
        public=True,
    ),
    "GET /openapi.json": Operation(
        name="get_document",
        summary="Get this document",
        answers={200: answer("OpenAPI 3.1", {"type": "object"}, CACHED), 304: UNCHANGED},
        parameters=IF_NONE_MATCH,
        public=True,
    ),
    "GET /docs": Operation(
        name="get_page",
        summary="Get this document as a web page",
        answers={
            200: answer("The page", str, CACHED | TYPED | PAGE_SECURITY, media="text/html"),
            304: UNCHANGED,
        },
        parameters=IF_NONE_MATCH,
        public=True,
    ),
    "GET /docs/{asset}": Operation(
        name="get_asset",
        summary="Get a file of the page",
        answers={
            200: answer("A script or a style sheet", headers=CACHED | TYPED)
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
