"""/v2/zones/tasks/imports: imports of master files as zones."""

from zonewright.http.resource import Resource

handler = Resource(
    __package__,
    {
        "POST /v2/zones/tasks/imports": "create_import",
        "GET /v2/zones/tasks/imports": "list_imports",
        "GET /v2/zones/tasks/imports/{import_id}": "get_import",
        "DELETE /v2/zones/tasks/imports/{import_id}": "delete_import",
    },
)
