"""Read the bodies that make and change groups (contract `vinyldns.md`, section 2)."""

from zonewright.http.message import Request
from zonewright.http.vinyldns.bodies import LIST, TEXT, Fields, sent
from zonewright.model.groups import Wanted


def new_group(request: Request) -> Wanted:
    """Return the group that a body wants. Raise FieldsRefused, MalformedBody, Unsupported."""
    fields = Fields(sent(request))
    wanted = _wanted(fields)
    fields.check()
    return wanted


def edited_group(request: Request) -> tuple[str, Wanted]:
    """Return the id in a body, which counts in place of the path's, and what the group is to be. Raise the same."""
    fields = Fields(sent(request))
    group_id, wanted = fields.required("id", TEXT, "Missing Group.id"), _wanted(fields)
    fields.check()
    return group_id or "", wanted


def _wanted(fields: Fields) -> Wanted:
    return Wanted(
        name=fields.required("name", TEXT, "Missing Group.name") or "",
        email=fields.required("email", TEXT, "Missing Group.email") or "",
        description=fields.optional("description", TEXT),
        member_ids=_ids(fields, "members"),
        admin_ids=_ids(fields, "admins"),
    )


def _ids(fields: Fields, name: str) -> tuple[str, ...]:
    """Return the ids in a list of users."""
    found = []
    for each in fields.required(name, LIST, f"Missing Group.{name}") or ():
        user = Fields(each if isinstance(each, dict) else {}, fields.errors)
        found.append(user.required("id", TEXT, f"Missing Group.{name}.id"))
    return tuple(each or "" for each in found)
