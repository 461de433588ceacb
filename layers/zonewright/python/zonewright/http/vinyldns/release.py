"""What the releases of VinylDNS answer differently (contract `vinyldns.md`, sections 5.1 and 13).

The deployment's setting `VinyldnsRelease` selects one. `seed` is the release of 2018, whose document this project was
asked for; `current` is today's. All other answers are those of today.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus

from zonewright.errors import RecentlySynced, RequestError
from zonewright.model.zone import Zone
from zonewright.service import current


@dataclass(frozen=True, slots=True)
class Release:
    """The answers of a release.

    `synced` is the status of a sync that has begun. `account` is that of every zone, or None for the owner group.
    `statuses` and `words` are of errors that it answers in another way than the tables of the dialect.
    """

    synced: int
    account: str | None = None
    statuses: Mapping[type[RequestError], int] = field(default_factory=dict)
    words: Mapping[type[RequestError], str] = field(default_factory=dict)

    def account_of(self, zone: Zone) -> str:
        """Return the account of a zone."""
        return self.account or zone.group_id


RELEASES = {
    "seed": Release(synced=HTTPStatus.OK),
    "current": Release(
        synced=HTTPStatus.ACCEPTED,
        account="system",
        statuses={RecentlySynced: HTTPStatus.FORBIDDEN},
        words={RecentlySynced: "Zone {e.zone} was recently synced. Cannot complete sync"},
    ),
}


def chosen() -> Release:
    """Return the release that the deployment imitates."""
    return RELEASES[current().settings.vinyldns_release]
