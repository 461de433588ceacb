"""The API document of zone transfer requests and their acceptances (contract `designate.md`, section 10)."""

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
OPERATIONS = {
    "POST /v2/zones/{zone_id}/tasks/transfer_requests": Operation(
        name="create_transfer_request",
        summary="Offer a zone to another project",
        answers={201: answer("The request, with its key", ref("TransferRequest"), LOCATION)},
        errors=(
            "invalid_uuid",
            "invalid_project",
            "zone_is_shared",
            "zone_not_found",
            "duplicate_zone_transfer_request",
        ),
        description="The zone stays where it is until the request is accepted. A zone that is shared cannot be "
        "offered.",
        body=body(
            wrapped("transfer_request", ref("NewTransferRequest")),
            required=False,
            directed={"target_project_id": REQUEST["target_project_id"], "description": REQUEST["description"]},
            open={},
        ),
    ),
    "GET /v2/zones/tasks/transfer_requests": Operation(
        name="list_transfer_requests",
        summary="List the transfer requests by the project and to it",
        answers={
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
        errors=WITH_PAGES,
        description="Oldest first, if nothing else is asked. Those to whoever has the key are listed by who made them "
        "only.",
        parameters=paging(
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
        name="get_transfer_request",
        summary="Show a transfer request",
        answers={200: answer("The request; its key for who made it only", ref("TransferRequest"))},
        errors=("invalid_uuid", "zone_transfer_request_not_found"),
    ),
    "PATCH /v2/zones/tasks/transfer_requests/{transfer_request_id}": Operation(
        name="update_transfer_request",
        summary="Change whom a zone is offered to",
        answers={200: answer("The request as it is now", ref("TransferRequest"))},
        errors=(
            "invalid_uuid",
            "invalid_project",
            "invalid_zone_transfer_request",
            "zone_transfer_request_not_found",
            "zone_busy",
        ),
        description="The key stays the same.",
        body=body(wrapped("transfer_request", ref("NewTransferRequest")), open={"target_project_id": None}),
    ),
    "DELETE /v2/zones/tasks/transfer_requests/{transfer_request_id}": Operation(
        name="delete_transfer_request",
        summary="Withdraw a transfer request",
        answers={204: answer("It is gone")},
        errors=("invalid_uuid", "zone_transfer_request_not_found", "zone_busy"),
    ),
    "POST /v2/zones/tasks/transfer_accepts": Operation(
        name="create_transfer_accept",
        summary="Take over a zone that was offered",
        answers={201: answer("The zone is the project's now", ref("TransferAccept"), LOCATION)},
        errors=(
            "invalid_zone_transfer_request",
            "zone_is_shared",
            "invalid_key",
            "zone_transfer_request_not_found",
            "zone_busy",
            "over_quota",
        ),
        description="With all it holds, its history and its TSIG keys. Zones above and below it stay with who has "
        "them.",
        body=body(
            wrapped("transfer_accept", ref("NewTransferAccept")),
            accept={name: ACCEPT[name] for name in ("key", "zone_transfer_request_id")},
        ),
    ),
    "GET /v2/zones/tasks/transfer_accepts": Operation(
        name="list_transfer_accepts",
        summary="List the zones the project took over",
        answers={200: answer("A page of them", page("transfer_accepts", "TransferAccept"))},
        errors=WITH_PAGES,
        description="Oldest first, if nothing else is asked.",
        parameters=paging(
            SORT_KEYS,
            SENT_UUID,
            status="the status is this",
            zone_id="the zone is this",
            zone_transfer_request_id="the request is this",
        ),
    ),
    "GET /v2/zones/tasks/transfer_accepts/{transfer_accept_id}": Operation(
        name="get_transfer_accept",
        summary="Show an acceptance",
        answers={200: answer("The acceptance", ref("TransferAccept"))},
        errors=("invalid_uuid", "zone_transfer_accept_not_found"),
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
}

TOPIC = Topic("Owners", OPERATIONS, SCHEMAS)
