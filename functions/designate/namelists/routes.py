"""/v2/tlds and /v2/blacklists: the lists about zone names."""

from zonewright.http.resource import Resource

handler = Resource(
    __package__,
    {
        "POST /v2/tlds": "create_tld",
        "GET /v2/tlds": "list_tlds",
        "GET /v2/tlds/{tld_id}": "get_tld",
        "PATCH /v2/tlds/{tld_id}": "update_tld",
        "DELETE /v2/tlds/{tld_id}": "delete_tld",
        "POST /v2/blacklists": "create_blacklist",
        "GET /v2/blacklists": "list_blacklists",
        "GET /v2/blacklists/{blacklist_id}": "get_blacklist",
        "PATCH /v2/blacklists/{blacklist_id}": "update_blacklist",
        "DELETE /v2/blacklists/{blacklist_id}": "delete_blacklist",
    },
)
