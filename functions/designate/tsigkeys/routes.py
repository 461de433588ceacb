"""/v2/tsigkeys: TSIG keys of the pool and of zones."""

from zonewright.http.resource import Resource

handler = Resource(
    __package__,
    {
        "POST /v2/tsigkeys": "create_tsig_key",
        "GET /v2/tsigkeys": "list_tsig_keys",
        "GET /v2/tsigkeys/{tsigkey_id}": "get_tsig_key",
        "PATCH /v2/tsigkeys/{tsigkey_id}": "update_tsig_key",
        "DELETE /v2/tsigkeys/{tsigkey_id}": "delete_tsig_key",
    },
)
