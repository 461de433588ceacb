"""The API document of dry runs."""

from zonewright.http.openapi.operations import Operation, Topic, answer
from zonewright.http.openapi.schemas import Shape
from zonewright.http.vinyldns.doc import FORBIDDEN, MAX_ITEMS, NO_ZONE, START_FROM, UNREADABLE, json_error
from zonewright.http.vinyldns.dryruns.answer import DryRunFields, ReportFields

OPERATIONS = {
    "GET /zones/{zoneId}/dryruns/{dryRunId}": Operation(
        name="get_vinyldns_dry_run",
        summary="Read the report of a dry run",
        answers={
            200: answer("The dry run, and a page of the record sets that a sync would change", ReportFields),
            400: UNREADABLE,
            403: FORBIDDEN,
            404: json_error(f"{NO_ZONE}, or it has no such dry run. A dry run is kept for a week"),
        },
        parameters=(MAX_ITEMS, START_FROM),
    ),
}

PROSE = {
    "version": "The version of the contents that it compared with. 0 if there are none yet",
    "inSync": "Whether no record set would move",
    "refusal": "Why a guard would refuse the sync",
    "systemMessage": "Why the dry run failed, or which records a sync would skip",
}

SCHEMAS = {
    "DryRun": Shape(of=DryRunFields, prose=PROSE),
    "DryRunReport": Shape(of=ReportFields, prose={**PROSE, "nextId": "The `startFrom` of the next page"}),
}

TOPIC = Topic("VinylDNS", OPERATIONS, SCHEMAS)
