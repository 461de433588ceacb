"""Writes of VinylDNS's record sets."""

from zonewright.http.resource import Resource

handler = Resource(
    __package__,
    {
        "POST /zones/{zoneId}/recordsets": "create_recordset",
        "PUT /zones/{zoneId}/recordsets/{recordSetId}": "update_recordset",
        "DELETE /zones/{zoneId}/recordsets/{recordSetId}": "delete_recordset",
    },
)
