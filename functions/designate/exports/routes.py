"""/v2/zones/tasks/exports: exports of zones as master files."""

from zonewright.http.resource import Resource

handler = Resource(
    __package__,
    {
        "POST /v2/zones/{zone_id}/tasks/export": "create_export",
        "GET /v2/zones/tasks/exports": "list_exports",
        "GET /v2/zones/tasks/exports/{export_id}": "get_export",
        "GET /v2/zones/tasks/exports/{export_id}/export": "show_export",
        "DELETE /v2/zones/tasks/exports/{export_id}": "delete_export",
    },
)
