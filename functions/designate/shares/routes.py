"""/v2/zones/{zone_id}/shares: shares of a zone with other projects."""

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
