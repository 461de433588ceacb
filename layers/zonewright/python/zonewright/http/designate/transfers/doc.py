"""The API document of transfer requests and acceptances (contract `designate.md`, section 10)."""

from zonewright.http.designate.doc import NO_STORE, OLDEST_FIRST, SECRET, WITH_PAGES, page, paging, wrapped
from zonewright.http.designate.transfers import filters
from zonewright.http.designate.transfers.answer import AcceptanceFields, OfferFields
from zonewright.http.designate.transfers.body import TransferAccept, TransferRequest
from zonewright.http.formats import SentUuid
from zonewright.http.openapi.operations import Operation, Topic, answer, body
from zonewright.http.openapi.schemas import Json, Shape

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
NOT_COUNTED = {"type": "object", "additionalProperties": False}

OPERATIONS = {
    "POST /v2/zones/{zone_id}/tasks/transfer_requests": Operation(
        name="create_transfer_request",
        summary="Offer a zone to another project",
        answers={201: answer("The request, with its key", OfferFields, SECRET)},
        errors=(
            "invalid_uuid",
            "invalid_project",
            "zone_is_shared",
            "zone_not_found",
            "duplicate_zone_transfer_request",
        ),
        description="The zone keeps its owner until the request is accepted. A shared zone cannot be offered.",
        body=body(
            wrapped("transfer_request", TransferRequest),
            required=False,
            directed={"target_project_id": REQUEST["target_project_id"], "description": REQUEST["description"]},
            open={},
        ),
    ),
    "GET /v2/zones/tasks/transfer_requests": Operation(
        name="list_transfer_requests",
        summary="List the transfer requests from the project and to it",
        answers={
            200: answer(
                "A page of transfer requests, without their number",
                page("transfer_requests", OfferFields, metadata=NOT_COUNTED),
                NO_STORE,
            )
        },
        errors=WITH_PAGES,
        description=f"{OLDEST_FIRST} A request without a target project is listed only for the project that made it.",
        parameters=paging(
            filters.OFFER_FILTERS,
            filters.OFFER_ORDERS,
            SentUuid,
            counted=False,
            prose={
                "status": "status",
                "zone_id": "the id of the zone",
                "target_project_id": "target project",
                "description": "description",
            },
        ),
    ),
    "GET /v2/zones/tasks/transfer_requests/{transfer_request_id}": Operation(
        name="get_transfer_request",
        summary="Show a transfer request",
        answers={200: answer("The request. Only the project that made it sees the key", OfferFields, NO_STORE)},
        errors=("invalid_uuid", "zone_transfer_request_not_found"),
    ),
    "PATCH /v2/zones/tasks/transfer_requests/{transfer_request_id}": Operation(
        name="update_transfer_request",
        summary="Change a transfer request",
        answers={200: answer("The changed request", OfferFields, NO_STORE)},
        errors=(
            "invalid_uuid",
            "invalid_project",
            "invalid_zone_transfer_request",
            "zone_transfer_request_not_found",
            "zone_busy",
        ),
        description="The key stays the same.",
        body=body(wrapped("transfer_request", TransferRequest), open={"target_project_id": None}),
    ),
    "DELETE /v2/zones/tasks/transfer_requests/{transfer_request_id}": Operation(
        name="delete_transfer_request",
        summary="Delete a transfer request",
        answers={204: answer("The request is deleted")},
        errors=("invalid_uuid", "zone_transfer_request_not_found", "zone_busy"),
    ),
    "POST /v2/zones/tasks/transfer_accepts": Operation(
        name="create_transfer_accept",
        summary="Accept an offered zone",
        answers={201: answer("The acceptance. The zone belongs to the project", AcceptanceFields, SECRET)},
        errors=(
            "invalid_zone_transfer_request",
            "zone_is_shared",
            "invalid_key",
            "zone_transfer_request_not_found",
            "zone_busy",
            "over_quota",
        ),
        description="The zone keeps its contents, its history and its TSIG keys. Zones above and below it keep their "
        "owners.",
        body=body(
            wrapped("transfer_accept", TransferAccept),
            accept={name: ACCEPT[name] for name in ("key", "zone_transfer_request_id")},
        ),
    ),
    "GET /v2/zones/tasks/transfer_accepts": Operation(
        name="list_transfer_accepts",
        summary="List the acceptances of the project",
        answers={200: answer("A page of acceptances", page("transfer_accepts", AcceptanceFields), NO_STORE)},
        errors=WITH_PAGES,
        description=OLDEST_FIRST,
        parameters=paging(
            filters.ACCEPTANCE_FILTERS,
            filters.ACCEPTANCE_ORDERS,
            SentUuid,
            prose={
                "status": "status",
                "zone_id": "the id of the zone",
                "zone_transfer_request_id": "the id of the request",
            },
        ),
    ),
    "GET /v2/zones/tasks/transfer_accepts/{transfer_accept_id}": Operation(
        name="get_transfer_accept",
        summary="Show an acceptance",
        answers={200: answer("The acceptance", AcceptanceFields, NO_STORE)},
        errors=("invalid_uuid", "zone_transfer_accept_not_found"),
    ),
}

TARGET = "The project that may accept. Null means any project with the key"

SCHEMAS = {
    "TransferRequest": Shape(
        of=OfferFields,
        prose={
            "target_project_id": TARGET,
            "version": "Rises with every stored change",
            "project_id": "The project that made the request. Only that project sees it",
        },
        example=REQUEST,
    ),
    "NewTransferRequest": Shape(of=TransferRequest, prose={"target_project_id": TARGET}),
    "TransferAccept": Shape(of=AcceptanceFields, example=ACCEPT),
    "NewTransferAccept": Shape(of=TransferAccept),
}

TOPIC = Topic("Owners", OPERATIONS, SCHEMAS)
