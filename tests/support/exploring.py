"""Run actors against one table in every order of their steps.

An actor runs in a thread of its own, and only one of them runs at a time. Before each call that reads or writes what
others may write, it waits for its turn. A call is one step, because DynamoDB makes each of them in one moment. Calls
that read what never changes, such as chunks, are no steps.
"""

import random
import threading
from concurrent.futures import Future
from dataclasses import dataclass, field

from zonewright.store.typed import decode_item

_PATIENCE = 60
"""Seconds after which a step counts as hanging."""


class Killed(BaseException):
    """The process of an actor is killed. No handler of the code under test catches it."""


@dataclass
class Actor:
    """A named function to run. It is killed before its step number `dies`, if there is one."""

    name: str
    work: object
    dies: int = 0
    steps: int = 0
    error: BaseException | None = None
    turn: threading.Event = field(default_factory=threading.Event)
    waiting: threading.Event = field(default_factory=threading.Event)
    ended: bool = False

    def run(self):
        """Do the work. An error of the service is how it may end; another one is kept."""
        self.await_turn()
        try:
            if not self.killed():
                self.work()
        except Killed:
            pass
        except BaseException as error:  # noqa: BLE001 - told by the explorer
            self.error = error
        finally:
            self.ended = True
            self.waiting.set()

    def killed(self):
        """Return whether the actor dies before its first step."""
        return self.dies == 1

    def step(self):
        """Wait for the next turn, unless this is the first step, whose turn began with the work."""
        self.steps += 1
        if self.steps > 1:
            self.await_turn()
            if self.steps == self.dies:
                raise Killed

    def await_turn(self):
        """Tell the explorer that this actor waits, and wait."""
        self.waiting.set()
        assert self.turn.wait(_PATIENCE)
        self.turn.clear()


class Stepped:
    """A client of DynamoDB whose calls are steps of the actor that makes them, if they touch what others write."""

    def __init__(self, client, shared):
        self._client = client
        self._shared = shared

    def __getattr__(self, name):
        method = getattr(self._client, name)
        if not callable(method):
            return method

        def call(**arguments):
            actor = _acting.get(threading.get_ident())
            if actor and self._shared(_keys(arguments)):
                actor.step()
            return method(**arguments)

        return call


_acting = {}


def run(actors, choose):
    """Run the actors to their ends. `choose` picks the next one, by its index among those that have not ended.

    Raise the first unexpected error of an actor.
    """
    threads = [threading.Thread(target=_enter, args=(actor,), daemon=True) for actor in actors]
    for thread in threads:
        thread.start()
    for actor in actors:
        assert actor.waiting.wait(_PATIENCE)
    while left := [actor for actor in actors if not actor.ended]:
        following = left[choose(len(left))]
        following.waiting.clear()
        following.turn.set()
        assert following.waiting.wait(_PATIENCE), f"{following.name} hangs at step {following.steps}"
    for thread in threads:
        thread.join(_PATIENCE)
    for actor in actors:
        if actor.error:
            raise actor.error


def every_order(attempt):
    """Call `attempt` with a chooser for each order of the actors that it runs. Return the number of orders."""
    prefix, count = [], 0
    while True:
        chooser = _Chooser(prefix)
        attempt(chooser)
        count += 1
        taken = chooser.taken
        while taken and taken[-1][0] + 1 == taken[-1][1]:
            taken.pop()
        if not taken:
            return count
        prefix = [choice for choice, _ in taken[:-1]] + [taken[-1][0] + 1]


def some_orders(attempt, count, seed):
    """Call `attempt` with a chooser for `count` random orders."""
    numbers = random.Random(seed)
    for _ in range(count):
        attempt(numbers.randrange)


class _Chooser:
    """Choices that begin with `prefix`, then take the first option. `taken` has each choice and its options."""

    def __init__(self, prefix):
        self._prefix = prefix
        self.taken = []

    def __call__(self, options):
        at = len(self.taken)
        choice = self._prefix[at] if at < len(self._prefix) else 0
        self.taken.append((choice, options))
        return choice


def _enter(actor):
    _acting[threading.get_ident()] = actor
    try:
        actor.run()
    finally:
        del _acting[threading.get_ident()]


def _keys(arguments):
    """Return the keys of the items that a call reads or writes; none for a query."""
    if "TransactItems" in arguments:
        parts = [next(iter(each.values())) for each in arguments["TransactItems"]]
        return [decode_item(_key(part.get("Key") or part["Item"])) for part in parts]
    if "RequestItems" in arguments:
        requests = next(iter(arguments["RequestItems"].values()))
        if isinstance(requests, dict):
            return [decode_item(key) for key in requests["Keys"]]
        return [decode_item(each["DeleteRequest"]["Key"]) for each in requests]
    found = arguments.get("Key") or arguments.get("Item")
    return [decode_item(_key(found))] if found else []


def _key(item):
    return {name: item[name] for name in ("pk", "sk")}


class Inline:
    """An executor that runs everything in the thread that asks for it, so that an actor is one thread."""

    def __init__(self, *_):
        pass

    def __enter__(self):
        return self

    def __exit__(self, *_):
        return None

    map = staticmethod(map)

    def submit(self, function, *arguments):
        """Return a future that is done."""
        done = Future()
        done.set_result(function(*arguments))
        return done
