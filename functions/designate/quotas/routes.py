"""/v2/quotas and /v2/limits: quotas of projects."""

from zonewright.http.resource import Resource

handler = Resource(
    __package__,
    {
        "GET /v2/limits": "limits",
        "GET /v2/quotas": "get_quotas",
        "GET /v2/quotas/{project_id}": "get_quotas",
        "PATCH /v2/quotas/{project_id}": "update_quotas",
        "DELETE /v2/quotas/{project_id}": "reset_quotas",
    },
)
