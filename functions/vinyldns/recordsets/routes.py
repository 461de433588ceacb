"""Record sets of VinylDNS to read: those of a zone, of all zones, and their changes."""

from zonewright.http.resource import Resource

handler = Resource(
    __package__,
    {
        "GET /zones/{zoneId}/recordsets": "list_recordsets",
        "GET /zones/{zoneId}/recordsetcount": "count_recordsets",
        "GET /zones/{zoneId}/recordsets/{recordSetId}": "get_recordset",
        "GET /zones/{zoneId}/recordsets/{recordSetId}/changes/{changeId}": "get_recordset_change",
        "GET /recordsets": "search_recordsets",
        "GET /recordsetchange/history": "show_recordset_history",
        "GET /metrics/health/zones/{zoneId}/recordsetchangesfailure": "list_failed_record_changes",
    },
)
