"""The API document of shares (contract `designate.md`, section 10)."""

from zonewright.http.designate.doc import LOCATION, OLDEST_FIRST, WITH_PAGES, page, paging, wrapped
from zonewright.http.designate.shares import filters
from zonewright.http.designate.shares.answer import ShareFields
from zonewright.http.designate.shares.body import NewShare
from zonewright.http.formats import SentUuid
from zonewright.http.openapi.operations import Operation, Topic, answer, body
from zonewright.http.openapi.schemas import Json, Shape

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
        answers={201: answer("The share", ShareFields, LOCATION)},
        errors=("invalid_uuid", "invalid_project", "zone_not_found", "duplicate_shared_zone", "over_quota"),
        description="The project may see the zone and write its record sets. A zone has at most 40 shares. A project "
        "is given at most 500 (the operator may change that), and at most half of them by one project.",
        body=body(wrapped("shared_zone", NewShare), share={"target_project_id": SHARE["target_project_id"]}),
    ),
    "GET /v2/zones/{zone_id}/shares": Operation(
        name="list_shares",
        summary="List the shares of a zone",
        answers={200: answer("A page of shares", page("shared_zones", ShareFields))},
        errors=("invalid_uuid", "zone_not_found", *WITH_PAGES),
        description=f"{OLDEST_FIRST} A project that the zone is shared with sees its own share only.",
        parameters=paging(
            filters.FILTERS,
            filters.ORDERS,
            SentUuid,
            prose={"target_project_id": "project"},
        ),
    ),
    "GET /v2/zones/{zone_id}/shares/{share_id}": Operation(
        name="get_share",
        summary="Show a share of a zone",
        answers={200: answer("The share", ShareFields)},
        errors=("invalid_uuid", "zone_not_found", "shared_zone_not_found"),
        description="For the zone's owner, and for the project that the zone is shared with.",
    ),
    "DELETE /v2/zones/{zone_id}/shares/{share_id}": Operation(
        name="delete_share",
        summary="Delete a share of a zone",
        answers={204: answer("The share is deleted")},
        errors=("invalid_uuid", "zone_not_found", "shared_zone_not_found"),
        description="The project no longer sees the zone. Its record sets stay. For the zone's owner, and for the "
        "project that the zone is shared with.",
    ),
}

SCHEMAS = {
    "SharedZone": Shape(of=ShareFields, prose={"project_id": "The zone's owner"}, example=SHARE),
    "NewSharedZone": Shape(of=NewShare),
}

TOPIC = Topic("Owners", OPERATIONS, SCHEMAS)
