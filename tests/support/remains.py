"""What a deployed stack holds in the end: every change is over, and no object is missing or left behind."""

from datetime import UTC, datetime, timedelta

from zonewright import sweep
from zonewright.contents import chunks
from zonewright.contents.bucket import Bucket
from zonewright.model.change import ChangeStatus
from zonewright.model.settings import Settings
from zonewright.service import Service
from zonewright.store import changes, versions
from zonewright.store.table import Table

from support.deployed import LEASE, outputs


def everything_is_named(aws, zone_ids):
    """Every change is over; after a sweep, two days later, a zone has the objects these and its versions name, only.

    How many objects were swept.
    """
    names = outputs(aws)
    table, bucket = Table(aws("dynamodb"), names["TableName"]), Bucket(aws("s3"), names["BucketName"])
    later = datetime.now(UTC) + timedelta(days=2)
    service = Service(Settings(table=table.name, bucket=bucket.name, sync_lease=LEASE))
    service.table, service.bucket, service.now = table, bucket, lambda: later
    swept = sweep.everything(service)

    assert sweep.preview(service) == sweep.Swept()
    for zone_id in zone_ids:
        named = {chunks.key(zone_id, chunk) for version in versions.every(table, zone_id) for chunk in version.chunks}
        history = list(changes.every(table, zone_id))
        assert {change.status for change in history} <= {ChangeStatus.SYNCED, ChangeStatus.FAILED}
        named |= {key for change in history for key in change.differences}
        assert set(bucket.keys(f"zones/{zone_id}/")) == named
    return swept.objects
