"""The API document of quotas and limits (contract `designate.md`, section 10)."""

from zonewright.http.designate.doc import wrapped
from zonewright.http.designate.quotas.answer import LimitFields, QuotaFields
from zonewright.http.designate.quotas.body import QuotaChange
from zonewright.http.openapi.operations import Operation, Topic, answer, body
from zonewright.http.openapi.schemas import Shape

PROSE = {
    "zones": "Zones of the project. Zones shared with it do not count",
    "zone_recordsets": "Record sets of a zone. SOA and apex NS do not count",
    "zone_records": "Records of a zone. Those of SOA and apex NS do not count",
    "recordset_records": "Records of a record set",
    "api_export_size": "Record sets of a zone in an export",
}
EXAMPLE = {
    "zones": 1000,
    "zone_recordsets": -1,
    "zone_records": -1,
    "recordset_records": -1,
    "api_export_size": -1,
}
UNLIMITED = "-1 means unlimited"

OPERATIONS = {
    "GET /v2/limits": Operation(
        name="get_limits",
        summary="Show the limits of the project",
        answers={200: answer(UNLIMITED, LimitFields)},
        description="The limits follow the project's quotas. A request for all projects gets the deployment's.",
    ),
    "GET /v2/quotas": Operation(
        name="get_quotas",
        summary="Show the quotas of the caller's project",
        answers={200: answer(UNLIMITED, QuotaFields)},
        description="A quota that the project does not set has the deployment's value.",
    ),
    "GET /v2/quotas/{project_id}": Operation(
        name="get_quotas_of_project",
        summary="Show the quotas of a project",
        answers={200: answer(UNLIMITED, QuotaFields)},
        description="Super and support users may see other projects.",
    ),
    "PATCH /v2/quotas/{project_id}": Operation(
        name="update_quotas",
        summary="Set quotas of a project",
        answers={200: answer("All quotas of the project", QuotaFields)},
        errors=("not_found",),
        description="For super users.",
        body=body(wrapped("quota", QuotaChange), change={"zones": 500, "recordset_records": -1}),
    ),
    "DELETE /v2/quotas/{project_id}": Operation(
        name="reset_quotas",
        summary="Reset a project to the deployment's quotas",
        answers={204: answer("The project has no quotas of its own")},
        description="For super users.",
    ),
}

SCHEMAS = {
    "Limits": Shape(of=LimitFields),
    "Quotas": Shape(of=QuotaFields, prose=PROSE, example=EXAMPLE),
    "QuotaChange": Shape(of=QuotaChange, prose=PROSE),
}

TOPIC = Topic("Operators", OPERATIONS, SCHEMAS)
