"""/v2/zones/tasks/transfer_requests and transfer_accepts: handovers of zones from one project to another."""

from zonewright.http.resource import Resource

handler = Resource(
    __package__,
    {
        "POST /v2/zones/{zone_id}/tasks/transfer_requests": "create_transfer_request",
        "GET /v2/zones/tasks/transfer_requests": "list_transfer_requests",
        "GET /v2/zones/tasks/transfer_requests/{transfer_request_id}": "get_transfer_request",
        "PATCH /v2/zones/tasks/transfer_requests/{transfer_request_id}": "update_transfer_request",
        "DELETE /v2/zones/tasks/transfer_requests/{transfer_request_id}": "delete_transfer_request",
        "POST /v2/zones/tasks/transfer_accepts": "create_transfer_accept",
        "GET /v2/zones/tasks/transfer_accepts": "list_transfer_accepts",
        "GET /v2/zones/tasks/transfer_accepts/{transfer_accept_id}": "get_transfer_accept",
    },
)
