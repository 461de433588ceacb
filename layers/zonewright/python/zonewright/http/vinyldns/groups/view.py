"""Render groups, their members and their changes in the VinylDNS API (contract `vinyldns-writes.md`, section 10)."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from zonewright.http.message import Request, Response
from zonewright.http.vinyldns.dialect import going_on, present, time
from zonewright.http.vinyldns.groups import query
from zonewright.http.vinyldns.users.view import person_fields
from zonewright.model.emails import Rules
from zonewright.model.groups import ChangeType, GroupChange
from zonewright.model.payload import fitting
from zonewright.model.users import Group, User

if TYPE_CHECKING:
    from datetime import datetime

    from zonewright.actions.groups import Activity, Members, Selection
    from zonewright.http.vinyldns.groups.answer import (
        ActivityFields,
        AdminListFields,
        GroupChangeFields,
        GroupFields,
        GroupListFields,
        ListedFields,
        MemberFields,
        MemberId,
        MemberListFields,
        Status,
    )


def group(found: Group) -> Response:
    """Return a group."""
    return Response.json(200, group_fields(found))


def deleted(found: Group) -> Response:
    """Return a group that has just been deleted."""
    return Response.json(200, group_fields(found, "Deleted"))


def group_list(request: Request, wanted: "Selection", found: Sequence[Group]) -> Response:
    """Return a page of groups. `found` has one more if there are more."""
    page = found[: wanted.limit]
    listed = _abridged if query.abridged(request) else _listed
    entries, _ = fitting(listed(each, request.caller.user_id) for each in page)
    fields: GroupListFields = {
        "groups": entries,
        "groupNameFilter": wanted.part,
        "startFrom": wanted.start_from,
        "nextId": entries[-1]["id"] if len(entries) < len(found) else None,
        "maxItems": wanted.limit,
        "ignoreAccess": wanted.ignore_access,
    }
    return going_on(Response.json(200, present(fields)), fields["nextId"])


def members(page: query.Page, found: "Members") -> Response:
    """Return a page of the members of a group."""
    admins = frozenset(found.group.admin_ids)
    fields: MemberListFields = {
        "members": [_member(each, isAdmin=each.id in admins) for each in found.users],
        "startFrom": page.start_from,
        "nextId": found.next_id,
        "maxItems": page.limit,
    }
    return Response.json(200, present(fields))


def admins(found: Iterable[User]) -> Response:
    """Return the admins of a group."""
    fields: AdminListFields = {"admins": [person_fields(each) for each in found]}
    return Response.json(200, fields)


def activity(page: query.Changes, found: "Activity") -> Response:
    """Return a page of the changes of a group, or as many of them as fit into a response."""
    entries, cut = fitting(_change(each, found.user_names) for each in found.changes)
    fields: ActivityFields = {
        "changes": entries,
        "startFrom": page.start_from,
        "nextId": (page.start_from or 0) + len(entries) if cut or found.more else None,
        "maxItems": page.limit,
    }
    return going_on(Response.json(200, present(fields)), fields["nextId"])


def change(found: "Activity") -> Response:
    """Return one change of a group."""
    (only,) = found.changes
    return Response.json(200, _change(only, found.user_names))


def email_domains(rules: Rules) -> Response:
    """Return the domains that an e-mail address may have, as the operator wrote them."""
    return Response.json(200, list(rules.domains))


def group_fields(found: Group, status: "Status" = "Active") -> "GroupFields":
    """Return the fields of a group."""
    fields: GroupFields = {
        "id": found.id,
        "name": found.name,
        "email": found.email,
        "description": found.description,
        "created": time(found.created),
        "status": status,
        "members": _ids(found.member_ids),
        "admins": _ids(found.admin_ids),
    }
    return present(fields)


def _listed(found: Group, _: str) -> "ListedFields":
    fields: ListedFields = {**group_fields(found)}
    return fields


def _abridged(found: Group, user_id: str) -> "ListedFields":
    """Return the fields of a group that remain in a short list. Of its people only the user remains."""
    fields: ListedFields = {
        "id": found.id,
        "name": found.name,
        "email": found.email,
        "description": found.description,
        "members": _ids(each for each in found.member_ids if each == user_id),
        "admins": _ids(each for each in found.admin_ids if each == user_id),
    }
    return present(fields)


def _ids(user_ids: Iterable[str]) -> "list[MemberId]":
    return [{"id": each} for each in user_ids]


def _member(found: User, *, isAdmin: bool) -> "MemberFields":  # noqa: N803 - the name of the field
    return {**person_fields(found), "isAdmin": isAdmin}


def _change(made: GroupChange, user_names: dict[str, str]) -> "GroupChangeFields":
    fields: GroupChangeFields = {
        "newGroup": group_fields(made.new, "Deleted" if made.type is ChangeType.DELETE else "Active"),
        "changeType": made.type,
        "userId": made.user_id,
        "oldGroup": group_fields(made.old) if made.old else None,
        "id": made.id,
        "created": _milliseconds(made.created),
        "userName": user_names.get(made.user_id),
        "groupChangeMessage": made.message(user_names),
    }
    return present(fields)


def _milliseconds(moment: "datetime") -> str:
    return f"{moment:%Y-%m-%dT%H:%M:%S}.{moment.microsecond // 1000:03d}Z"
