"""/v2/pools and a zone's nameservers: the name servers of zones."""

from zonewright.http.resource import Resource

handler = Resource(
    __package__,
    {
        "GET /v2/pools": "list_pools",
        "GET /v2/pools/{pool_id}": "get_pool",
        "GET /v2/zones/{zone_id}/nameservers": "list_nameservers",
    },
)
