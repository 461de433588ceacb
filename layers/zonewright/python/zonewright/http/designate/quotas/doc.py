"""The API document of quotas and limits (contract `designate.md`, section 10)."""

from zonewright.http.designate.doc import wrapped
from zonewright.http.designate.quotas.answer import LimitFields, QuotaFields
from zonewright.http.designate.quotas.body import QuotaChange
from zonewright.http.openapi.operations import Operation, Topic, answer, body
from zonewright.http.openapi.schemas import Shape

PROSE = {
    "zones": "Of the project, those shared with it not counted",
    "zone_recordsets": "Of a zone, SOA and apex NS not counted",
    "zone_records": "Of a zone, those of SOA and apex NS not counted",
    "recordset_records": "Of a record set",
    "api_export_size": "Record sets of a zone that may be exported",
}
EXAMPLE = {
    "zones": 1000,
    "zone_recordsets": -1,
    "zone_records": -1,
    "recordset_records": -1,
    "api_export_size": -1,
}

OPERATIONS = {
    "GET /v2/limits": Operation(
        name="get_limits",
        summary="Tell what a project may have",
        answers={200: answer("-1 is as much as it likes", LimitFields)},
        description="By the project's quotas; of no project in particular, the deployment's.",
    ),
    "GET /v2/quotas": Operation(
        name="get_quotas",
        summary="Show the project's quotas",
        answers={200: answer("-1 is as much as it likes", QuotaFields)},
        description="What the project has no quota of its own for, is the deployment's.",
    ),
    "GET /v2/quotas/{project_id}": Operation(
        name="get_quotas_of_project",
        summary="Show a project's quotas",
        answers={200: answer("-1 is as much as it likes", QuotaFields)},
        description="Another project's are for super and support users.",
    ),
    "PATCH /v2/quotas/{project_id}": Operation(
        name="update_quotas",
        summary="Give a project quotas of its own",
        answers={200: answer("All it has now", QuotaFields)},
        errors=("not_found",),
        description="For super users.",
        body=body(wrapped("quota", QuotaChange), change={"zones": 500, "recordset_records": -1}),
    ),
    "DELETE /v2/quotas/{project_id}": Operation(
        name="reset_quotas",
        summary="Let a project have the deployment's quotas again",
        answers={204: answer("It has none of its own")},
        description="For super users.",
    ),
}

SCHEMAS = {
    "Limits": Shape(of=LimitFields),
    "Quotas": Shape(of=QuotaFields, prose=PROSE, example=EXAMPLE),
    "QuotaChange": Shape(of=QuotaChange, prose=PROSE),
}

TOPIC = Topic("Operators", OPERATIONS, SCHEMAS)
