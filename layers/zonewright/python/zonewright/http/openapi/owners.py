"""Whose a zone is, and who else may use it (contract `designate.md`, section 10)."""

from zonewright.http.openapi.operations import LOCATION, WITH_PAGES, Operation, Topic, answer, body, paging, wrapped
from zonewright.http.openapi.schemas import (
    ABSOLUTE_NAME,
    DESCRIPTION,
    PROJECT_ID,
    SENT_UUID,
    TEXT,
    URL,
    UUID,
    Json,
    listed,
    nullable,
    one_of,
    page,
    record,
    ref,
)

TAG = "Owners"
SORT_KEYS = ("created_at", "id", "updated_at")
KEY = {"type": "string", "pattern": "^[A-Z0-9]{8}$", "description": "To give to whom the zone is meant for"}
TARGET = nullable(PROJECT_ID) | {"description": "Whom the zone is meant for; null is whoever has the key"}

REQUEST: Json = {
    "id": "0c1ef8b4-4f0f-4e9c-9a3f-6f0a3a1d7e52",
    "zone_id": "a86dba58-0043-4cc6-a1bb-69d5e86f3ca3",
    "zone_name": "example.org.",
    "target_project_id": "5a0c6b1e-7a5a-4a5d-9a0f-2f5b1f3c9c01",
    "description": "To the team that runs it.",
    "status": "ACTIVE",
    "version": 1,
    "created_at": "2026-01-15T12:34:56.275934",
    "updated_at": None,
    "links": {"self": "https://dns.example.net/v2/zones/tasks/transfer_requests/0c1ef8b4-4f0f-4e9c-9a3f-6f0a3a1d7e52"},
    "project_id": "cf00d1e4-46f1-493a-a3be-0ae79dd306a5",
    "key": "Q7ZK2M9T",
}
ACCEPT: Json = {
    "id": "3d5b7c18-2a64-4c8e-8b57-1f9d6e0a4c23",
    "zone_id": "a86dba58-0043-4cc6-a1bb-69d5e86f3ca3",
    "zone_transfer_request_id": "0c1ef8b4-4f0f-4e9c-9a3f-6f0a3a1d7e52",
    "project_id": "5a0c6b1e-7a5a-4a5d-9a0f-2f5b1f3c9c01",
    "key": "Q7ZK2M9T",
    "status": "COMPLETE",
    "created_at": "2026-01-15T12:40:03.102938",
    "updated_at": None,
    "links": {
        "self": "https://dns.example.net/v2/zones/tasks/transfer_accepts/3d5b7c18-2a64-4c8e-8b57-1f9d6e0a4c23",
        "zone": "https://dns.example.net/v2/zones/a86dba58-0043-4cc6-a1bb-69d5e86f3ca3",
    },
}
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
    "POST /v2/zones/{zone_id}/tasks/transfer_requests": Operation(
        "create_transfer_request",
        TAG,
        "Offer a zone to another project",
        {201: answer("The request, with its key", ref("TransferRequest"), LOCATION)},
        ("invalid_uuid", "invalid_project", "zone_is_shared", "zone_not_found", "duplicate_zone_transfer_request"),
        "The zone stays where it is until the request is accepted. A zone that is shared cannot be offered.",
        body=body(
            wrapped("transfer_request", ref("NewTransferRequest")),
            required=False,
            directed={"target_project_id": REQUEST["target_project_id"], "description": REQUEST["description"]},
            open={},
        ),
    ),
    "GET /v2/zones/tasks/transfer_requests": Operation(
        "list_transfer_requests",
        TAG,
        "List the transfer requests by the project and to it",
        {
            200: answer(
                "A page of them, not counted",
                record(
                    {
                        "transfer_requests": listed(ref("TransferRequest"), maxItems=1000),
                        "links": ref("ListLinks"),
                        "metadata": record({}),
                    }
                ),
            )
        },
        WITH_PAGES,
        "Oldest first, if nothing else is asked. Those to whoever has the key are listed by who made them only.",
        paging(
            SORT_KEYS,
            SENT_UUID,
            counted=False,
            status="the status is this",
            zone_id="the zone is this",
            target_project_id="they are to this project",
            description="the description is this",
        ),
    ),
    "GET /v2/zones/tasks/transfer_requests/{transfer_request_id}": Operation(
        "get_transfer_request",
        TAG,
        "Show a transfer request",
        {200: answer("The request; its key for who made it only", ref("TransferRequest"))},
        ("invalid_uuid", "zone_transfer_request_not_found"),
    ),
    "PATCH /v2/zones/tasks/transfer_requests/{transfer_request_id}": Operation(
        "update_transfer_request",
        TAG,
        "Change whom a zone is offered to",
        {200: answer("The request as it is now", ref("TransferRequest"))},
        (
            "invalid_uuid",
            "invalid_project",
            "invalid_zone_transfer_request",
            "zone_transfer_request_not_found",
            "zone_busy",
        ),
        "The key stays the same.",
        body=body(wrapped("transfer_request", ref("NewTransferRequest")), open={"target_project_id": None}),
    ),
    "DELETE /v2/zones/tasks/transfer_requests/{transfer_request_id}": Operation(
        "delete_transfer_request",
        TAG,
        "Withdraw a transfer request",
        {204: answer("It is gone")},
        ("invalid_uuid", "zone_transfer_request_not_found", "zone_busy"),
    ),
    "POST /v2/zones/tasks/transfer_accepts": Operation(
        "create_transfer_accept",
        TAG,
        "Take over a zone that was offered",
        {201: answer("The zone is the project's now", ref("TransferAccept"), LOCATION)},
        (
            "invalid_zone_transfer_request",
            "zone_is_shared",
            "invalid_key",
            "zone_transfer_request_not_found",
            "zone_busy",
            "over_quota",
        ),
        "With all it holds, its history and its TSIG keys. Zones above and below it stay with who has them.",
        body=body(
            wrapped("transfer_accept", ref("NewTransferAccept")),
            accept={name: ACCEPT[name] for name in ("key", "zone_transfer_request_id")},
        ),
    ),
    "GET /v2/zones/tasks/transfer_accepts": Operation(
        "list_transfer_accepts",
        TAG,
        "List the zones the project took over",
        {200: answer("A page of them", page("transfer_accepts", "TransferAccept"))},
        WITH_PAGES,
        "Oldest first, if nothing else is asked.",
        paging(
            SORT_KEYS,
            SENT_UUID,
            status="the status is this",
            zone_id="the zone is this",
            zone_transfer_request_id="the request is this",
        ),
    ),
    "GET /v2/zones/tasks/transfer_accepts/{transfer_accept_id}": Operation(
        "get_transfer_accept",
        TAG,
        "Show an acceptance",
        {200: answer("The acceptance", ref("TransferAccept"))},
        ("invalid_uuid", "zone_transfer_accept_not_found"),
    ),
    "POST /v2/zones/{zone_id}/shares": Operation(
        "create_share",
        TAG,
        "Share a zone with another project",
        {201: answer("The share", ref("SharedZone"), LOCATION)},
        ("invalid_uuid", "invalid_project", "zone_not_found", "duplicate_shared_zone", "over_quota"),
        "The project sees the zone and writes its record sets, and no more. With 40 projects at most.",
        body=body(
            wrapped("shared_zone", ref("NewSharedZone")), share={"target_project_id": SHARE["target_project_id"]}
        ),
    ),
    "GET /v2/zones/{zone_id}/shares": Operation(
        "list_shares",
        TAG,
        "List with whom a zone is shared",
        {200: answer("A page of them", page("shared_zones", "SharedZone"))},
        ("invalid_uuid", "zone_not_found", *WITH_PAGES),
        "Oldest first, if nothing else is asked. For the zone's owner.",
        paging(
            (*SORT_KEYS, "target_project_id"),
            SENT_UUID,
            target_project_id="the zone is shared with this project",
        ),
    ),
    "GET /v2/zones/{zone_id}/shares/{share_id}": Operation(
        "get_share",
        TAG,
        "Show a share of a zone",
        {200: answer("The share", ref("SharedZone"))},
        ("invalid_uuid", "zone_not_found", "shared_zone_not_found"),
        "For the zone's owner.",
    ),
    "DELETE /v2/zones/{zone_id}/shares/{share_id}": Operation(
        "delete_share",
        TAG,
        "End a share of a zone",
        {204: answer("It has ended")},
        ("invalid_uuid", "zone_not_found", "shared_zone_not_found"),
        "The project sees the zone no more; what it wrote stays.",
    ),
}

LINKS = record({"self": URL, "zone": URL})
SCHEMAS = {
    "TransferRequest": record(
        {
            "id": UUID,
            "zone_id": UUID,
            "zone_name": ABSOLUTE_NAME,
            "target_project_id": TARGET,
            "description": nullable(DESCRIPTION),
            "status": one_of("ACTIVE", "COMPLETE"),
            "version": {"type": "integer", "minimum": 1, "description": "Rises with every stored change"},
            "created_at": ref("Time"),
            "updated_at": nullable(ref("Time")),
            "links": ref("Links"),
        },
        {"project_id": TEXT | {"description": "Who made it; for them only"}, "key": KEY},
    )
    | {"examples": [REQUEST]},
    "NewTransferRequest": record({}, {"target_project_id": TARGET, "description": nullable(DESCRIPTION)}),
    "TransferAccept": record(
        {
            "id": UUID,
            "zone_id": UUID,
            "zone_transfer_request_id": UUID,
            "project_id": TEXT,
            "key": KEY,
            "status": one_of("COMPLETE"),
            "created_at": ref("Time"),
            "updated_at": {"type": "null"},
            "links": LINKS,
        }
    )
    | {"examples": [ACCEPT]},
    "NewTransferAccept": record({"key": TEXT, "zone_transfer_request_id": SENT_UUID}),
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

TOPIC = Topic(
    TAG,
    "A zone belongs to a project, which may offer it to another, or share it: then others write its record sets too.",
    OPERATIONS,
    SCHEMAS,
)
