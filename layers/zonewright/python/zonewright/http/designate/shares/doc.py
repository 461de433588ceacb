"""The API document of shares (contract `designate.md`, section 10)."""

from zonewright.http.openapi.operations import LOCATION, WITH_PAGES, Operation, Topic, answer, body, paging, wrapped
from zonewright.http.openapi.schemas import PROJECT_ID, SENT_UUID, TEXT, URL, UUID, Json, page, record, ref

SORT_KEYS = ("created_at", "id", "updated_at", "target_project_id")

SHARE: Json = {
    "id": "b1f1c7a2-5e0d-5a3b-9c47-2d8e6f4a9b10",
    "zone_id": "a86dba58-0043-4cc6-a1bb-69d5e86f3ca3",
    "project_id": "cf00d1e4-46f1-493a-a3be-0ae79dd306a5",
    "target_project_id": "5a0c6b1e-7a5a-4a5d-9a0f-2f5b1f3c9c01",
    "created_at": "2026-01-15T12:34:56.275934",
    "updated_at": None,
    "links": {
        "self": "https://dns.example.net/v2/zones/a86dba58-0043-4cc6-a1bb-69d5e86f3ca3"
        "/shares/b1f1c7a2-5e0d-5a3b-9c47-2d8e6f4a9b10",
        "zone": "https://dns.example.net/v2/zones/a86dba58-0043-4cc6-a1bb-69d5e86f3ca3",
    },
}

OPERATIONS = {
    "POST /v2/zones/{zone_id}/shares": Operation(
        name="create_share",
        summary="Share a zone with another project",
        answers={201: answer("The share", ref("SharedZone"), LOCATION)},
        errors=("invalid_uuid", "invalid_project", "zone_not_found", "duplicate_shared_zone", "over_quota"),
        description="The project sees the zone and writes its record sets, and no more. With 40 projects at most.",
        body=body(
            wrapped("shared_zone", ref("NewSharedZone")), share={"target_project_id": SHARE["target_project_id"]}
        ),
    ),
    "GET /v2/zones/{zone_id}/shares": Operation(
        name="list_shares",
        summary="List with whom a zone is shared",
        answers={200: answer("A page of them", page("shared_zones", "SharedZone"))},
        errors=("invalid_uuid", "zone_not_found", *WITH_PAGES),
        description="Oldest first, if nothing else is asked. For the zone's owner.",
        parameters=paging(
            SORT_KEYS,
            SENT_UUID,
            target_project_id="the zone is shared with this project",
        ),
    ),
    "GET /v2/zones/{zone_id}/shares/{share_id}": Operation(
        name="get_share",
        summary="Show a share of a zone",
        answers={200: answer("The share", ref("SharedZone"))},
        errors=("invalid_uuid", "zone_not_found", "shared_zone_not_found"),
        description="For the zone's owner.",
    ),
    "DELETE /v2/zones/{zone_id}/shares/{share_id}": Operation(
        name="delete_share",
        summary="End a share of a zone",
        answers={204: answer("It has ended")},
        errors=("invalid_uuid", "zone_not_found", "shared_zone_not_found"),
        description="The project sees the zone no more; what it wrote stays.",
    ),
}

LINKS = record({"self": URL, "zone": URL})
SCHEMAS = {
    "SharedZone": record(
        {
            "id": UUID,
            "zone_id": UUID,
            "project_id": TEXT | {"description": "The zone's owner"},
            "target_project_id": PROJECT_ID,
            "created_at": ref("Time"),
            "updated_at": {"type": "null"},
            "links": LINKS,
        }
    )
    | {"examples": [SHARE]},
    "NewSharedZone": record({"target_project_id": PROJECT_ID}),
}

TOPIC = Topic("Owners", OPERATIONS, SCHEMAS)
