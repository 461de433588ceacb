"""/ping, /color, /health, /status and /metrics: the state of the service."""

from zonewright.http.resource import Resource

handler = Resource(
    __package__,
    {
        "GET /ping": "ping",
        "GET /color": "color",
        "GET /health": "health",
        "GET /status": "get_status",
        "POST /status": "set_status",
        "GET /metrics/prometheus": "prometheus",
        "GET /metrics/health/zonechangesfailure": "list_failed_changes",
    },
)
