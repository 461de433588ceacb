"""The API document of the state of the service (contract `vinyldns.md`, sections 4.5 and 12)."""

from zonewright.http.openapi.operations import Operation, Topic, answer, query
from zonewright.http.openapi.schemas import Shape
from zonewright.http.vinyldns.doc import MAX_ITEMS, START_FROM, UNREADABLE, json_or_text_error, text_error
from zonewright.http.vinyldns.service.answer import FailuresFields, StatusFields
from zonewright.http.vinyldns.zones.doc import YES_OR_NO

_STATUS = answer("The state of the service", StatusFields)

OPERATIONS = {
    "GET /ping": Operation(
        name="ping", summary="Ask for an answer", answers={200: answer("`PONG`", str, media="text/plain")}, public=True
    ),
    "GET /color": Operation(
        name="get_color",
        summary="Show the color of the deployment",
        answers={200: answer("The color", str, media="text/plain")},
        public=True,
    ),
    "GET /health": Operation(
        name="check_health",
        summary="Check that the service reads its table",
        answers={200: answer("It does")},
        public=True,
    ),
    "GET /status": Operation(
        name="get_status",
        summary="Show whether changes are processed",
        answers={200: _STATUS},
        public=True,
    ),
    "POST /status": Operation(
        name="set_status",
        summary="Stop the processing of changes, or let it go on",
        answers={
            200: _STATUS,
            400: text_error("The parameter cannot be read"),
            403: json_or_text_error(
                "The caller is neither a super user nor a support user (a JSON string), or is locked (plain text)"
            ),
            404: text_error("The parameter is missing"),
        },
        description="While it is stopped, changes are accepted and wait. It takes effect within 5 seconds.",
        parameters=(query("processingDisabled", YES_OR_NO, "Whether to stop the processing") | {"required": True},),
    ),
    "GET /metrics/prometheus": Operation(
        name="get_metrics",
        summary="Get metrics in Prometheus's text format",
        answers={200: answer("The metrics", str, media="text/plain")},
        public=True,
    ),
    "GET /metrics/health/zonechangesfailure": Operation(
        name="list_failed_zone_changes",
        summary="List the failed changes of zones",
        answers={
            200: answer("A page of failed changes of live zones, newest first", FailuresFields),
            400: UNREADABLE,
            403: text_error("The caller is locked"),
        },
        parameters=(MAX_ITEMS, START_FROM),
    ),
}

SCHEMAS = {
    "ServiceStatus": Shape(
        of=StatusFields,
        prose={
            "processingDisabled": "Whether the processing of changes is stopped",
            "keyName": "The name of the TSIG key of the default backend, empty without one",
        },
    ),
    "FailedZoneChanges": Shape(of=FailuresFields, prose={"nextId": "The `startFrom` of the next page; 0 without one"}),
}

TOPIC = Topic("VinylDNS", OPERATIONS, SCHEMAS)
