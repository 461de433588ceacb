"""Tasks of zones (contract `designate.md`, sections 6 to 8)."""

from zonewright.http.openapi.operations import Operation, Topic, answer

TAG = "Tasks"

OPERATIONS = {
    "POST /v2/zones/{zone_id}/tasks/xfr": Operation(
        "transfer_zone",
        TAG,
        "Copy a SECONDARY zone again",
        {202: answer("The sync has begun; the zone shows how it goes")},
        ("bad_request", "invalid_uuid", "zone_not_found", "zone_busy"),
        "Does nothing if the primary's serial has not moved. A body is not read.",
    ),
}

TOPIC = Topic(TAG, "What takes time: transfers.", OPERATIONS)
