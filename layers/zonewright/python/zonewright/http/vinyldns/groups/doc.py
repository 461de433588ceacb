"""The API document of VinylDNS's groups (contract `vinyldns-writes.md`, section 10)."""

from typing import Annotated, Any

from zonewright.http.formats import Count
from zonewright.http.openapi.operations import Operation, Topic, answer, body, query
from zonewright.http.openapi.schemas import Json, Shape
from zonewright.http.schema import Schema
from zonewright.http.vinyldns.dialect import DEFAULT_ITEMS
from zonewright.http.vinyldns.doc import UNREADABLE, json_error, json_or_text_error, text_error
from zonewright.http.vinyldns.groups.answer import (
    ActivityFields,
    AdminListFields,
    GroupChangeFields,
    GroupFields,
    GroupListFields,
    ListedFields,
    MemberFields,
    MemberListFields,
)
from zonewright.http.vinyldns.groups.query import MOST_CHANGES, MOST_GROUPS, MOST_MEMBERS
from zonewright.http.vinyldns.zones.doc import YES_OR_NO

LOCKED = text_error("The caller is locked")
NO_GROUP = json_error("There is no such group")
NO_ADMIN = json_or_text_error("The caller is no admin of the group (a JSON string), or is locked (plain text)")
NO_MEMBER = json_or_text_error("The caller is no member of the group (a JSON string), or is locked (plain text)")
MEDIA = text_error("The body is no `application/json`")
WRONG = {"type": "object", "properties": {"errors": {"type": "array", "items": {"type": "string"}}}}
REFUSED_BODY = json_or_text_error(
    "Fields are missing or have wrong types (an object), or the group may not be so (a JSON string). Or the body is no "
    "JSON (plain text)"
)
REFUSED_BODY["content"]["application/json"] = {"schema": {"anyOf": [{"type": "string"}, WRONG]}}
GONE = json_error("There is no such group, or no such user")
TAKEN = json_error("Another group has the name, or others keep changing the group")

TEXT: Json = {"type": ["string", "number"]}
"""A text, for which VinylDNS takes a number too."""
PEOPLE = {"type": "array", "items": {"type": "object", "properties": {"id": TEXT}, "required": ["id"]}}
WANTED: Json = {
    "name": TEXT | {"description": "No other group has it, in any case of letters"},
    "email": TEXT,
    "description": {"type": ["string", "number", "null"]},
    "members": PEOPLE,
    "admins": PEOPLE | {"description": "They are members too"},
}
EXAMPLE = {
    "name": "dns-team",
    "email": "dns@example.org",
    "members": [{"id": "6f8afcda-7529-4cad-9f2d-76903f4b1aca"}],
    "admins": [{"id": "6f8afcda-7529-4cad-9f2d-76903f4b1aca"}],
}


def _input(properties: Json) -> Json:
    required = [name for name in properties if name != "description"]
    return {"type": "object", "properties": properties, "required": required}


def _page(most: int) -> Json:
    size = Annotated[int, Schema(minimum=1, maximum=most, default=DEFAULT_ITEMS)]
    return query("maxItems", size, "Maximum number of entries")


def _behind(schema: Any, description: str) -> Json:
    return query("startFrom", schema, description)


OPERATIONS = {
    "POST /groups": Operation(
        name="create_group",
        summary="Create a group",
        answers={
            200: answer("The group", GroupFields),
            400: REFUSED_BODY,
            403: LOCKED,
            404: json_error("Some of the users do not exist"),
            409: TAKEN,
            415: MEDIA,
        },
        description="Admins become members, and the caller becomes both.",
        body=body(_input(WANTED), team=EXAMPLE),
    ),
    "GET /groups": Operation(
        name="list_groups",
        summary="List groups by name",
        answers={200: answer("A page of groups", GroupListFields), 400: UNREADABLE, 403: LOCKED},
        description="The groups of the caller. Super users and support users see all groups.",
        parameters=(
            query("groupNameFilter", str, "A part of the name, in any case of letters"),
            _behind(str, "The `nextId` of the page before: the id of a group"),
            _page(MOST_GROUPS),
            query("ignoreAccess", YES_OR_NO, "List all groups"),
            query("abridged", YES_OR_NO, "Leave out `created`, `status`, and all members and admins but the caller"),
        ),
    ),
    "GET /groups/{groupId}": Operation(
        name="get_group",
        summary="Show a group",
        answers={200: answer("The group", GroupFields), 403: LOCKED, 404: NO_GROUP},
    ),
    "PUT /groups/{groupId}": Operation(
        name="update_group",
        summary="Replace a group",
        answers={
            200: answer("The group", GroupFields),
            400: REFUSED_BODY,
            403: NO_ADMIN,
            404: GONE,
            409: TAKEN,
            415: MEDIA,
        },
        description="The id in the body is the one that counts. A `description` that is left out is removed.",
        body=body(_input({"id": TEXT} | WANTED), team={"id": "ok-group"} | EXAMPLE),
    ),
    "DELETE /groups/{groupId}": Operation(
        name="delete_group",
        summary="Delete a group",
        answers={
            200: answer("The group as it was", GroupFields),
            400: json_error("The group administers a zone"),
            403: NO_ADMIN,
            404: NO_GROUP,
            409: json_error("Others keep changing the group"),
        },
        description="Its name is free at once.",
    ),
    "GET /groups/{groupId}/members": Operation(
        name="list_group_members",
        summary="List the members of a group",
        answers={
            200: answer("A page of members, by id", MemberListFields),
            400: UNREADABLE,
            403: LOCKED,
            404: NO_GROUP,
        },
        parameters=(_behind(str, "An id behind which the page begins. It need not exist"), _page(MOST_MEMBERS)),
    ),
    "GET /groups/{groupId}/admins": Operation(
        name="list_group_admins",
        summary="List the admins of a group",
        answers={200: answer("All admins, by id", AdminListFields), 403: LOCKED, 404: NO_GROUP},
    ),
    "GET /groups/{groupId}/activity": Operation(
        name="list_group_activity",
        summary="Read the changes of a group",
        answers={
            200: answer("A page of changes, newest first", ActivityFields),
            400: UNREADABLE,
            403: NO_MEMBER,
            404: NO_GROUP,
        },
        parameters=(
            _behind(Count, "Number of changes to skip: the `nextId` of the page before"),
            _page(MOST_CHANGES),
        ),
    ),
    "GET /groups/change/{groupChangeId}": Operation(
        name="get_group_change",
        summary="Show a change of a group",
        answers={
            200: answer("The change", GroupChangeFields),
            400: json_error("There is no such change"),
            403: NO_MEMBER,
        },
    ),
    "GET /groups/valid/domains": Operation(
        name="list_email_domains",
        summary="List the domains that e-mail addresses may have",
        answers={200: answer("The domains. If there are none, all are allowed", list[str]), 403: LOCKED},
        description="A domain with `*` stands for what ends like it. If there is one, all others do so too.",
    ),
}

SCHEMAS = {
    "VinyldnsGroup": Shape(of=GroupFields),
    "VinyldnsListedGroup": Shape(of=ListedFields),
    "VinyldnsGroups": Shape(of=GroupListFields, prose={"nextId": "The `startFrom` of the next page"}),
    "Member": Shape(of=MemberFields),
    "Members": Shape(of=MemberListFields, prose={"nextId": "The `startFrom` of the next page"}),
    "Admins": Shape(of=AdminListFields),
    "GroupChange": Shape(
        of=GroupChangeFields, prose={"groupChangeMessage": "What the change did, with the names of users"}
    ),
    "GroupActivity": Shape(of=ActivityFields, prose={"nextId": "The `startFrom` of the next page"}),
}

TOPIC = Topic("VinylDNS", OPERATIONS, SCHEMAS)
