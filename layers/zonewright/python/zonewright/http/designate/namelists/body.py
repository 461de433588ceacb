"""Read the bodies of new and changed entries of the lists of zone names (contract `designate.md`, section 10)."""

from functools import partial
from typing import Annotated, Any

from pydantic import AfterValidator
from pydantic_core import PydanticCustomError

from zonewright.http.designate.bodies import MISSING, Body, Description, read
from zonewright.http.designate.requests import json_object
from zonewright.http.message import Request
from zonewright.http.schema import Schema
from zonewright.model import namelists
from zonewright.model.namelists import LONGEST_TEXT, TLD, NameList


def _checked(which: NameList, form: str, text: str) -> str:
    problem = namelists.problem(which, text)
    if problem:
        raise PydanticCustomError("format", "{problem}", {"problem": problem, "expected": form})
    return text


TldName = Annotated[
    str,
    AfterValidator(partial(_checked, NameList.TLDS, "tldname")),
    Schema(pattern=f"^{TLD}$", minLength=1, maxLength=LONGEST_TEXT),
]
Pattern = Annotated[
    str,
    AfterValidator(partial(_checked, NameList.BLACKLIST, "regex")),
    Schema(minLength=1, maxLength=LONGEST_TEXT),
]


class TldChange(Body):
    """The body of a PATCH. Every field is optional."""

    name: TldName = MISSING
    description: Description | None = None


class NewTld(TldChange):
    """The body of a POST."""

    name: TldName


class BlacklistChange(Body):
    """The body of a PATCH. Every field is optional."""

    pattern: Pattern = MISSING
    description: Description | None = None


class NewBlacklist(BlacklistChange):
    """The body of a POST."""

    pattern: Pattern


def new_tld(request: Request) -> tuple[str, str | None]:
    """Return the name and the description in a POST. Raise Invalid with all reasons."""
    body = read(NewTld, json_object(request, "tld"), "tld")
    return body.name, body.description


def new_blacklist(request: Request) -> tuple[str, str | None]:
    """Return the expression and the description in a POST. Raise Invalid with all reasons."""
    body = read(NewBlacklist, json_object(request, "blacklist"), "blacklist")
    return body.pattern, body.description


def tld_edit(request: Request) -> dict[str, Any]:
    """Return the fields of the entry that a PATCH changes. Raise Invalid with all reasons."""
    body = read(TldChange, json_object(request, "tld"), "tld")
    return _edit(body, text=body.name)


def blacklist_edit(request: Request) -> dict[str, Any]:
    """Return the fields of the entry that a PATCH changes. Raise Invalid with all reasons."""
    body = read(BlacklistChange, json_object(request, "blacklist"), "blacklist")
    return _edit(body, text=body.pattern)


def _edit(body: TldChange | BlacklistChange, text: str | None) -> dict[str, Any]:
    described = {"description": body.description} if "description" in body.model_fields_set else {}
    return described if text is None else {"text": text, **described}
