"""A count of the RRs of a transfer that its change tells of, with the first names."""

from collections.abc import Hashable
from itertools import islice
from typing import ClassVar


class Tally:
    """RRs of one kind: how many, and the names of the first three.

    Those of increments are kept until the end, because a later increment may remove what an earlier one put.
    """

    SHOWN: ClassVar = 3

    def __init__(self) -> None:
        self._count = 0
        self._names: list[str] = []
        self._put: dict[Hashable, str] = {}

    @property
    def count(self) -> int:
        """Return the number of RRs."""
        return self._count + len(self._put)

    @property
    def names(self) -> tuple[str, ...]:
        """Return the names of the first RRs."""
        return (*self._names, *islice(self._put.values(), self.SHOWN - len(self._names)))

    @property
    def full(self) -> bool:
        """Return whether no further name is shown."""
        return len(self._names) == self.SHOWN

    def add(self, name: str = "") -> None:
        """Count an RR for good. Its name is not needed by a tally that is full."""
        self._count += 1
        if not self.full:
            self._names.append(name)

    def put(self, record: Hashable, name: str) -> None:
        """Count an RR until it is removed."""
        self._put[record] = name

    def remove(self, record: Hashable) -> None:
        """Stop counting an RR. It may be one that was there before, and never counted."""
        self._put.pop(record, None)
