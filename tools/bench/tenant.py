"""Tenant of the bench: a user and a group with any number of zones, which are deleted at the end."""

import uuid
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import islice
from types import TracebackType
from typing import Any

from api import Api
from stack import credentials
from stack.home import STACK, Home
from zonewright import command
from zonewright.model.quotas import NO_LIMIT
from zonewright.model.zone import Zone, ZoneType
from zonewright.service import Service
from zonewright.store import keys, quotas, zones
from zonewright.store.table import Table, Update
from zonewright.store.typed import encode_item

AT_ONCE = 25  # writes in a BatchWriteItem
BEGIN = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass
class Tenant(AbstractContextManager["Tenant"]):
    """A tenant: its client of the API, its group, and the deployed service. `seeded` are the ids of its zones."""

    api: Api
    group_id: str
    service: Service
    seeded: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, home: Home) -> "Tenant":
        """Create a tenant on a local stack. AWS clients of this environment must call that stack."""
        made = credentials.tenant(home, "bench")
        tenant = cls(Api(home.url, made["token"]), made["group"], command.deployed(STACK))
        quotas.change(tenant.table, tenant.group_id, {"zones": NO_LIMIT})
        return tenant

    def seed(self, count: int) -> None:
        """Write zones into the table: their items and their tally, without claims of names and without contents."""
        made = [
            Zone(
                id=str(uuid.uuid4()),
                name=f"{number}.{self.group_id}.example.",
                group_id=self.group_id,
                type=ZoneType.PRIMARY,
                created=BEGIN + timedelta(seconds=number),
                email="joe@example.org",
                version=1,
                serial=1,
                records=2,
            )
            for number in range(count)
        ]
        self._batches({"PutRequest": {"Item": encode_item(zones.to_item(zone))}} for zone in made)
        self.seeded += [zone.id for zone in made]
        self._tally(count)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Delete the zones."""
        self._batches({"DeleteRequest": {"Key": encode_item(keys.zone(each))}} for each in self.seeded)
        self._tally(-len(self.seeded))

    def _tally(self, more: int) -> None:
        listed = keys.tally_listing(self.group_id)
        self.table.write(Update(keys.tally(self.group_id), set=listed, add={"zones": more}))

    @property
    def table(self) -> Table:
        """Return the service's table."""
        return self.service.table

    def _batches(self, writes: Iterable[Any]) -> None:
        for batch in _batched(iter(writes)):
            left: Any = {self.table.name: batch}
            while left:
                left = self.table.client.batch_write_item(RequestItems=left)["UnprocessedItems"]


def _batched(writes: Iterator[Any]) -> Iterator[list[Any]]:
    while batch := list(islice(writes, AT_ONCE)):
        yield batch
