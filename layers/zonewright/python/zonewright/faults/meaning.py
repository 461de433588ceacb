"""The bases of the errors with a meaning (`errors.py`)."""

import re
from dataclasses import dataclass, field
from typing import dataclass_transform


class ZonewrightError(Exception):
    """Base of every error with a meaning. `why` is a reason in our own words, or empty."""

    def __init__(self, why: str = "") -> None:
        if type(self) in (ZonewrightError, RequestError, TransferError):
            raise TypeError("raise one of the named errors")
        super().__init__(why)
        self.why = why

    @property
    def message(self) -> str:
        """Return the text for logs and operators."""
        return str(self)


@dataclass_transform(eq_default=False, kw_only_default=True, field_specifiers=(field,))
class _Valued(ZonewrightError):
    """Base of the errors that have values. A class annotates them as a dataclass does, and costs less to import."""


class RequestError(_Valued):
    """The caller's fault. Nothing was changed.

    The values of an error are arguments by keyword. A dialect words them in its table (`words.py`). `why` follows these
    words, or is the whole text of an error without values.
    """

    why: str = field(default="", kw_only=False)

    def __init__(self, why: str = "", **values: object) -> None:
        super().__init__(why)
        vars(self).update(values)

    def __str__(self) -> str:
        values = ", ".join(f"{name} {value}" for name, value in vars(self).items() if name not in ("why", "reasons"))
        if self.why and not values:
            return self.why
        words = re.sub("(?<=[a-z])(?=[A-Z])", " ", type(self).__name__).lower()
        return ": ".join(filter(None, (words, values, self.why)))


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a part of a request is refused. `path` names the part, with positions in lists."""

    path: tuple[str | int, ...]
    error: RequestError


class TransferError(ZonewrightError):
    """The primary's fault. The zone keeps its contents."""
