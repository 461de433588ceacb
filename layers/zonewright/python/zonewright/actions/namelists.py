"""The lists of zone names, which super users write: top-level domains and the blacklist (`model/namelists.py`)."""

import uuid
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any

from zonewright import clock
from zonewright.errors import (
    BlacklistExists,
    BlacklistNotFound,
    SettingsChanged,
    TldExists,
    TldNotFound,
)
from zonewright.model import namelists, selection
from zonewright.model.namelists import Entry, NameList, NameRules
from zonewright.model.selection import Selection
from zonewright.service import Service
from zonewright.store import settings as store
from zonewright.store.settings import Section, Stored

_TRIES = 5
"""Tries of a change, while others change the list too."""

_MISSING: dict[NameList, type[TldNotFound | BlacklistNotFound]] = {
    NameList.TLDS: TldNotFound,
    NameList.BLACKLIST: BlacklistNotFound,
}
_TAKEN: dict[NameList, type[TldExists | BlacklistExists]] = {
    NameList.TLDS: TldExists,
    NameList.BLACKLIST: BlacklistExists,
}


def rules(service: Service) -> NameRules:
    """Return what both lists say now. It costs one request."""
    stored = store.read(service.table, *map(Section, NameList))
    tlds, blacklist = (
        tuple(entry.text for entry in entries_of(service, which, each))
        for which, each in zip(NameList, stored, strict=True)
    )
    return NameRules(tlds, blacklist)


def entries_of(service: Service, which: NameList, stored: Stored) -> tuple[Entry, ...]:
    """Return the entries of a list as it is stored, or those of the parameter if it is not."""
    if stored.document is None:
        return namelists.of_parameter(which, service.settings)
    return namelists.from_documents(stored.document)


def every(service: Service, which: NameList) -> tuple[Entry, ...]:
    """Return all entries of a list, the oldest first."""
    (stored,) = store.read(service.table, Section(which))
    return entries_of(service, which, stored)


def get(service: Service, which: NameList, entry_id: str) -> Entry:
    """Return an entry. Raise TldNotFound or BlacklistNotFound."""
    return _found(which, every(service, which), entry_id)


def listing(service: Service, which: NameList, wanted: Selection[Entry]) -> list[Entry]:
    """Return a page of a list. Raise MarkerNotFound."""
    entries = every(service, which)
    order = wanted.order or (lambda each: each.created or clock.EPOCH)

    def place(each: Entry) -> tuple[Any, str]:
        return order(each), each.id

    after = wanted.after(lambda marker: next((each for each in entries if each.id == marker), None))
    named = entries
    if wanted.name is not None:
        named = tuple(
            each for each in entries if namelists.same(which, each.text) == namelists.same(which, wanted.name)
        )
    chosen, _ = selection.page(named, wanted, place, place(after) if after else None)
    return chosen


def create(service: Service, which: NameList, text: str, description: str | None) -> Entry:
    """Add an entry that the reader of the request has checked, and return it.

    Raise OverQuota, TldExists or BlacklistExists.
    """
    made = Entry(str(uuid.uuid4()), text, description, service.now())
    return _changed(service, which, lambda entries: ([*entries, made], made))


def update(service: Service, which: NameList, entry_id: str, edit: Mapping[str, Any]) -> Entry:
    """Change `text` and `description` of an entry, as far as they are in `edit`, and return it.

    Raise as `create`, or TldNotFound or BlacklistNotFound.
    """

    def changed(entries: tuple[Entry, ...]) -> tuple[list[Entry], Entry]:
        old = _found(which, entries, entry_id)
        new = replace(old, **edit, updated=clock.after(old.updated or old.created or clock.EPOCH, service.now()))
        return [new if each is old else each for each in entries], new

    return _changed(service, which, changed)


def delete(service: Service, which: NameList, entry_id: str) -> None:
    """Delete an entry. Raise TldNotFound or BlacklistNotFound."""

    def without(entries: tuple[Entry, ...]) -> tuple[list[Entry], Entry]:
        unwanted = _found(which, entries, entry_id)
        return [each for each in entries if each is not unwanted], unwanted

    _changed(service, which, without)


def _changed(
    service: Service, which: NameList, change: Callable[[tuple[Entry, ...]], tuple[list[Entry], Entry]]
) -> Entry:
    """Write what `change` makes of a list, and return the entry that it was about. Retry while others write.

    Raise TldExists or BlacklistExists if the list would have this entry twice.
    """
    section = Section(which)
    for left in reversed(range(_TRIES)):
        (stored,) = store.read(service.table, section)
        entries, about = change(entries_of(service, which, stored))
        if sum(_same(which, each, about) for each in entries) > 1:
            raise _TAKEN[which](text=about.text)
        try:
            store.write(service.table, {section: namelists.documents(entries)}, {section: stored})
        except SettingsChanged:
            if not left:
                raise
        else:
            return about
    raise AssertionError("the last try returns or raises")


def _same(which: NameList, one: Entry, other: Entry) -> bool:
    return namelists.same(which, one.text) == namelists.same(which, other.text)


def _found(which: NameList, entries: Iterable[Entry], entry_id: str) -> Entry:
    found = next((each for each in entries if each.id == entry_id), None)
    if found is None:
        raise _MISSING[which](entry=entry_id)
    return found
