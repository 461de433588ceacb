"""Read a file of an operator, YAML or JSON, with every reason why it is wrong and its place in the file.

A reader returns a value of the file as the service has it, or raises ValueError with the reason.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from typing import Any, TypeVar, cast

from zonewright.errors import Reason

MOST = 50
"""Entries of a list, unless it says another number. An item of the table has room for them."""

T = TypeVar("T")

Read = Callable[[Any], Any]
"""Return a value of the file as the service has it. Raise ValueError with the reason."""

Path = tuple[str | int, ...]
"""A place in the file."""


class Reading:
    """The reading of one file. `reasons` gathers what is wrong."""

    def __init__(self) -> None:
        self.reasons: list[Reason] = []

    def wrong(self, path: Path, problem: str) -> None:
        """Note what is wrong at a place of the file."""
        where = "".join(f"[{each}]" if isinstance(each, int) else f".{each}" for each in path)
        self.reasons.append(Reason(f"{where.removeprefix('.')}: {problem}", path))

    def repeated(self, path: Path, what: str, values: Iterable[Any]) -> None:
        """Note what occurs twice."""
        for value, times in Counter(values).items():
            if times > 1:
                self.wrong(path, f"{what} {value} occurs {times} times")

    def fields(
        self, entry: Any, path: Path, readers: Mapping[str, Read], required: Collection[str] = ()
    ) -> dict[str, Any] | None:
        """Return the given fields of an entry, read, or None if something about them is wrong."""
        before = len(self.reasons)
        if not isinstance(entry, dict):
            self.wrong(path, f"{short(entry)} is no mapping of fields")
            return None
        for name in sorted(map(str, entry.keys() - readers.keys())):
            self.wrong((*path, name), f"is no field here: {', '.join(readers)} are")
        found = {}
        for name, reader in readers.items():
            if entry.get(name) is None:
                if name in required:
                    self.wrong((*path, name), "is required")
                continue
            found[name] = self.value(reader, entry[name], (*path, name))
        return found if len(self.reasons) == before else None

    def read_all(
        self,
        reader: Callable[[Any, Path], T | None],
        entry: Mapping[str, Any],
        path: Path,
        name: str,
        *,
        most: int = MOST,
    ) -> Iterator[T]:
        """Yield the entries of a list in a field, read, without the wrong ones. There may be `most`."""
        for each, place in self.entries(entry, path, name, most=most):
            found = reader(each, place)
            if found is not None:
                yield found

    def entries(
        self, entry: Mapping[str, Any], path: Path, name: str, *, most: int = MOST
    ) -> Iterator[tuple[Any, Path]]:
        """Yield the entries of a list in a field, and their places. There may be `most`."""
        value = entry.get(name)
        if value is not None and not isinstance(value, list):
            self.wrong((*path, name), f"{short(value)} is no list")
        elif value and len(value) > most:
            self.wrong((*path, name), f"has {len(value)} entries, and may have {most}")
        else:
            yield from ((each, (*path, name, at)) for at, each in enumerate(value or ()))

    def value(self, reader: Read, value: Any, path: Path) -> Any:
        """Return a value, read, or None if it is wrong."""
        try:
            return reader(value)
        except ValueError as error:
            self.wrong(path, str(error))
            return None


def short(value: Any) -> str:
    """Return a value for a message, cut if it is long."""
    shown = repr(value)
    return shown if len(shown) <= 60 else shown[:57] + "..."


def text(most: int) -> Read:
    """Return a reader of printable texts of at most `most` characters."""

    def read_text(value: Any) -> str:
        if not isinstance(value, str) or not value.strip() or len(value) > most or not value.isprintable():
            raise ValueError(f"{short(value)} is no text of 1 to {most} printable characters")
        return value

    return read_text


def number(least: int, most: int) -> Read:
    """Return a reader of whole numbers between two bounds, which are included."""

    def read_number(value: Any) -> int:
        if type(value) is not int or not least <= value <= most:
            raise ValueError(f"{short(value)} is no number from {least} to {most}")
        return value

    return read_number


def among(values: Collection[str]) -> Read:
    """Return a reader of some words."""

    def read_word(value: Any) -> str:
        if value not in values:
            raise ValueError(f"{short(value)} is none of {', '.join(values)}")
        return cast("str", value)

    return read_word


def flag(value: Any) -> bool:
    """Return true or false as it is. Raise ValueError for other values."""
    if not isinstance(value, bool):
        raise ValueError(f"{short(value)} is neither true nor false")  # noqa: TRY004 - a reason, as all here
    return value
