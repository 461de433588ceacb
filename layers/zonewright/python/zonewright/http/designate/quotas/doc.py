"""The API document of quotas and limits (contract `designate.md`, section 10)."""

from zonewright.http.openapi.operations import Operation, Topic, answer, body, wrapped
from zonewright.http.openapi.schemas import COUNT, Json, record, ref

LIMIT = {"type": "integer", "minimum": -1}
QUOTA = LIMIT | {"maximum": 2**31 - 1}
QUOTAS: Json = {
    "zones": QUOTA | {"description": "Of the project, those shared with it not counted"},
    "zone_recordsets": QUOTA | {"description": "Of a zone, SOA and apex NS not counted"},
    "zone_records": QUOTA | {"description": "Of a zone, those of SOA and apex NS not counted"},
    "recordset_records": QUOTA | {"description": "Of a record set"},
    "api_export_size": QUOTA | {"description": "Record sets of a zone that may be exported"},
}
OPERATIONS = {
    "GET /v2/limits": Operation(
        name="get_limits",
        summary="Tell what a project may have",
        answers={200: answer("-1 is as much as it likes", ref("Limits"))},
        description="By the project's quotas; of no project in particular, the deployment's.",
    ),
    "GET /v2/quotas": Operation(
        name="get_quotas",
        summary="Show the project's quotas",
        answers={200: answer("-1 is as much as it likes", ref("Quotas"))},
        description="What the project has no quota of its own for, is the deployment's.",
    ),
    "GET /v2/quotas/{project_id}": Operation(
        name="get_quotas_of_project",
        summary="Show a project's quotas",
        answers={200: answer("-1 is as much as it likes", ref("Quotas"))},
        description="Another project's are for super and support users.",
    ),
    "PATCH /v2/quotas/{project_id}": Operation(
        name="update_quotas",
        summary="Give a project quotas of its own",
        answers={200: answer("All it has now", ref("Quotas"))},
        errors=("not_found",),
        description="For super users.",
        body=body(wrapped("quota", ref("QuotaChange")), change={"zones": 500, "recordset_records": -1}),
    ),
    "DELETE /v2/quotas/{project_id}": Operation(
        name="reset_quotas",
        summary="Let a project have the deployment's quotas again",
        answers={204: answer("It has none of its own")},
        description="For super users.",
    ),
}

SCHEMAS = {
    "Limits": record(
        {
            "max_zones": LIMIT,
            "max_zone_recordsets": LIMIT,
            "max_zone_records": LIMIT,
            "max_recordset_records": LIMIT,
            "min_ttl": COUNT,
            "max_zone_name_length": COUNT,
            "max_recordset_name_length": COUNT,
            "max_page_limit": COUNT,
        }
    ),
    "Quotas": record(QUOTAS)
    | {
        "examples": [
            {
                "zones": 1000,
                "zone_recordsets": -1,
                "zone_records": -1,
                "recordset_records": -1,
                "api_export_size": -1,
            }
        ]
    },
    "QuotaChange": record({}, QUOTAS),
}

TOPIC = Topic("Operators", OPERATIONS, SCHEMAS)
