"""/v2/zones/{zone_id}/shares: the projects a zone is shared with."""

from zonewright.http.resource import Resource

handler = Resource(
    __package__,
    {
        "POST /v2/zones/{zone_id}/shares": "create_share",
        "GET /v2/zones/{zone_id}/shares": "list_shares",
        "GET /v2/zones/{zone_id}/shares/{share_id}": "get_share",
        "DELETE /v2/zones/{zone_id}/shares/{share_id}": "delete_share",
    },
)
