"""What anybody may ask: the versions, and this document."""

from zonewright.http.openapi.operations import Operation, Topic, answer, sent
from zonewright.http.openapi.schemas import TEXT, URL, listed, record, ref

TAG = "Service"
CACHED = {
    "etag": sent(TEXT, "Changes with the content"),
    "cache_control": sent(TEXT, "How long it may be kept unasked"),
}

OPERATIONS = {
    "GET /": Operation(
        "list_versions",
        TAG,
        "The versions of the Designate dialect",
        {200: answer("The list", record({"versions": listed(ref("Version"))}))},
        public=True,
    ),
    "GET /v2": Operation(
        "get_version",
        TAG,
        "The version itself",
        {200: answer("The version", record({"version": ref("Version")}))},
        description="For clients whose endpoint ends in `/v2`.",
        public=True,
    ),
}

SCHEMAS = {
    "Version": record(
        {
            "id": {"const": "v2"},
            "status": {"const": "CURRENT"},
            "updated": {"type": "string", "format": "date-time"},
            "links": listed(record({"rel": {"const": "self"}, "href": URL}), minItems=1),
        }
    ),
}

TOPIC = Topic(TAG, "Versions, and this document. No credentials are needed.", OPERATIONS, SCHEMAS)
