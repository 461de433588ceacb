"""Restore the state of the service to a moment: the table from a restored copy of it, and the bucket from its versions.

Objects of contents never change, and their keys have digests. So the bucket as it was is the bucket as it is, with the
objects that were deleted since: to restore them is to delete their delete markers. Objects written since then are of no
version of the table, and the sweeper deletes them.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from zonewright.errors import Invalid
from zonewright.service import Service

_AT_ONCE = 25
"""Items in one call (BatchWriteItem)."""

_MARKERS = 1000
"""Delete markers in one call (DeleteObjects)."""

KEPT = timedelta(days=36)
"""How long the bucket keeps deleted objects of contents (`template.yaml`)."""

_PREFIX = "zones/"
"""Folder of the contents. The others hold nothing for longer than days."""


def restore_table(service: Service, source: str, *, dry_run: bool) -> dict[str, Any]:
    """Make the items of the service's table those of another table. Return the numbers of items by what was done.

    Nobody else may write to the table meanwhile. A repeated call does what is left.
    """
    client: Any = service.table.client
    target = service.table.name
    if source == target:
        raise Invalid(f"{source} is the table of the service: name the table that was restored beside it")
    wanted = {_key(item): item for item in _items(client, source)}
    equal = 0
    requests: list[Any] = []
    for item in _items(client, target):
        kept = wanted.pop(_key(item), None)
        if kept is None:
            requests.append({"DeleteRequest": {"Key": {"pk": item["pk"], "sk": item["sk"]}}})
        elif kept == item:
            equal += 1
        else:
            requests.append({"PutRequest": {"Item": kept}})
    missing = [{"PutRequest": {"Item": item}} for item in wanted.values()]
    done = {
        "unchanged": equal,
        "changed": sum("PutRequest" in each for each in requests),
        "deleted": sum("DeleteRequest" in each for each in requests),
        "created": len(missing),
    }
    if not dry_run:
        _write(client, target, requests + missing)
    return done


def restore_objects(service: Service, since: datetime, *, dry_run: bool) -> dict[str, int]:
    """Restore the objects of contents that were deleted after a moment. Return their number.

    Raise Invalid for a moment that is still to come, or older than the bucket keeps what was deleted.
    """
    if not service.now() - KEPT <= since <= service.now():
        raise Invalid(f"{since.isoformat()} is not in the last {KEPT.days} days, for which deleted objects are kept")
    client: Any = service.bucket.client
    name = service.bucket.name
    markers = [
        {"Key": each["Key"], "VersionId": each["VersionId"]}
        for page in client.get_paginator("list_object_versions").paginate(Bucket=name, Prefix=_PREFIX)
        for each in page.get("DeleteMarkers", [])
        if each["IsLatest"] and each["LastModified"] >= since
    ]
    for first in range(0, 0 if dry_run else len(markers), _MARKERS):
        some = markers[first : first + _MARKERS]
        failed = client.delete_objects(Bucket=name, Delete={"Objects": some, "Quiet": True}).get("Errors")
        if failed:
            raise Invalid(f"{len(failed)} objects could not be restored, the first {failed[0]}: run the command again")
    return {"restored": len(markers)}


def _items(client: Any, table: str) -> Iterator[Any]:
    for page in client.get_paginator("scan").paginate(TableName=table, ConsistentRead=True):
        yield from page["Items"]


def _key(item: Any) -> tuple[str, str]:
    return item["pk"]["S"], item["sk"]["S"]


def _write(client: Any, table: str, requests: list[Any]) -> None:
    for first in range(0, len(requests), _AT_ONCE):
        left: Any = {table: requests[first : first + _AT_ONCE]}
        while left:
            left = client.batch_write_item(RequestItems=left).get("UnprocessedItems")
