"""The API document of dry runs."""

from zonewright.http.openapi.operations import Operation, Topic, answer
from zonewright.http.openapi.schemas import Shape
from zonewright.http.vinyldns.doc import FORBIDDEN, MAX_ITEMS, MISSING, START_FROM, UNREADABLE, said, said_or_bare
from zonewright.http.vinyldns.dryruns.answer import DryRunFields, ReportFields

OPERATIONS = {
    "GET /zones/{zoneId}/dryruns/{dryRunId}": Operation(
        name="get_vinyldns_dry_run",
        summary="Read what a sync would do",
        answers={
            200: answer("How the dry run went, and a page of what it found", ReportFields),
            400: UNREADABLE,
            403: said_or_bare(FORBIDDEN),
            404: said(f"{MISSING}, or no such dry run of it; one is kept for a week"),
        },
        parameters=(MAX_ITEMS, START_FROM),
    ),
}

PROSE = {
    "version": "The version of the contents it compared with; 0 where there are none yet",
    "inSync": "Whether our copy is as the primary has it",
    "refusal": "Why a sync would be refused by a limit of the operator's",
    "systemMessage": "Why it failed, or what a sync would leave out",
}

SCHEMAS = {
    "DryRun": Shape(of=DryRunFields, prose=PROSE),
    "DryRunReport": Shape(of=ReportFields, prose={**PROSE, "nextId": "Where the next page begins"}),
}

TOPIC = Topic("VinylDNS", OPERATIONS, SCHEMAS)
