"""The order in which the workers of a dispatcher take due zones: the groups take turns.

    group a ─ a1 a2 a3 a4 ...        worker 1 ─ a1 ───────────────────── a2 ───────────
    group b ─ b1 b2          ───▶    worker 2 ─ b1 ─ b2 ─ c1 ─ a3 ───────────────────── (nobody else has due zones)
    group c ─ c1

A worker takes a zone of the group with the fewest zones under way. So a group whose primaries are silent holds no more
workers than any other one that has due zones, whatever their numbers.
"""

import threading
from collections import Counter, deque
from collections.abc import Iterable
from heapq import heapify, heappop, heappush

from zonewright.store.duezones import Due


class Turns:
    """Due zones, for workers that `take` one and say when they are `done` with it.

    Of groups with as many zones under way, the one that was served least comes first, and then the one whose next zone
    has been due for longest. Within a group, zones that a sync holds come first, and then those that have been due for
    longest.
    """

    def __init__(self, found: Iterable[Due]) -> None:
        self._lock = threading.Lock()
        self._busy: Counter[str] = Counter()
        self._served: Counter[str] = Counter()
        self._waiting: dict[str, deque[Due]] = {}
        for each in sorted(found, key=lambda each: (not each.held, each.place)):
            self._waiting.setdefault(each.group_id, deque()).append(each)
        self._next = [self._standing(group) for group in self._waiting]
        heapify(self._next)

    def take(self) -> Due | None:
        """Return the next zone, or None if there is none."""
        with self._lock:
            while self._next:
                standing = heappop(self._next)
                group = standing[-1]
                if not self._waiting[group] or standing != self._standing(group):
                    continue  # the group has another standing by now
                taken = self._waiting[group].popleft()
                self._busy[group] += 1
                self._served[group] += 1
                self._enter(group)
                return taken
        return None

    def done(self, taken: Due) -> None:
        """End the work on a zone."""
        with self._lock:
            self._busy[taken.group_id] -= 1
            self._enter(taken.group_id)

    def _enter(self, group: str) -> None:
        if self._waiting[group]:
            heappush(self._next, self._standing(group))

    def _standing(self, group: str) -> tuple[int, int, str, str]:
        return self._busy[group], self._served[group], self._waiting[group][0].place, group
