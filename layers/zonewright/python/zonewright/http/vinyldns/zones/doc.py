"""The API document of VinylDNS's zones, of syncs and of the history (contract `vinyldns.md`, sections 3, 5 and 6)."""

from zonewright.http.openapi.operations import RETRY_AFTER, Operation, Topic, answer, body, query
from zonewright.http.openapi.schemas import Json, Shape
from zonewright.http.vinyldns.dialect import FLAGS
from zonewright.http.vinyldns.doc import (
    FORBIDDEN,
    MAX_ITEMS,
    NO_ZONE,
    UNREADABLE,
    json_error,
    json_or_text_error,
    refused_body,
    text_error,
)
from zonewright.http.vinyldns.dryruns.answer import DryRunFields
from zonewright.http.vinyldns.zones.answer import (
    ChangeFields,
    ConnectionFields,
    DeletedListFields,
    DetailsFields,
    HistoryFields,
    RuleFields,
    RuleInfoFields,
    SyncCounts,
    ZoneDetails,
    ZoneFields,
    ZoneInfo,
    ZoneInfoFields,
    ZoneListFields,
)
from zonewright.http.vinyldns.zones.body import SPELLINGS
from zonewright.model.acl import AccessLevel
from zonewright.model.choices import TYPES
from zonewright.model.order import MODES


def _any_case(word: str) -> str:
    return "".join(f"[{letter.upper()}{letter}]" if letter.isalpha() else letter for letter in word)


YES_OR_NO = {"type": "string", "pattern": f"^({'|'.join(map(_any_case, FLAGS))})$", "default": "false"}
"""A boolean query parameter, in upper or lower case."""

CONNECTION = {
    "type": ["object", "null"],
    "required": ["name", "keyName", "key", "primaryServer"],
    "properties": {
        "name": {"type": "string"},
        "keyName": {"type": "string"},
        "key": {"type": "string", "description": "The key in base64, or the `key` that the zone is shown with"},
        "primaryServer": {"type": "string", "description": "`host` or `host:port`"},
        "algorithm": {
            "enum": [*SPELLINGS, None],
            "description": "Left out, it is that of the stored key that is sent back, or else HMAC-MD5",
        },
    },
}
"""The schema of a connection in a request."""

NEW_ZONE: Json = {
    "type": "object",
    "required": ["name", "email", "adminGroupId"],
    "properties": {
        "name": {"type": "string"},
        "email": {"type": "string"},
        "adminGroupId": {"type": "string", "description": "The group that owns the zone"},
        "connection": CONNECTION,
        "transferConnection": CONNECTION | {"description": "For transfers, if they come from elsewhere"},
        "backendId": {"type": ["string", "null"], "description": "A backend of the operator, without a connection"},
        "shared": {"type": ["boolean", "null"], "default": False},
        "acl": {"type": ["object", "null"], "properties": {"rules": {"type": ["array", "null"]}}},
        "recurrenceSchedule": {"type": ["string", "null"], "description": "A Quartz cron expression, in UTC"},
    },
}
"""The schema of a zone in a request."""

CHANGED_ZONE: Json = NEW_ZONE | {
    "required": [*NEW_ZONE["required"], "id"],
    "properties": NEW_ZONE["properties"]
    | {"id": {"type": "string", "description": "The zone; the path's is not read"}},
}

EXAMPLE = {
    "name": "example.org.",
    "email": "dns@example.org",
    "adminGroupId": "cf00d1e4-46f1-493a-a3be-0ae79dd306a5",
    "connection": {
        "name": "primary",
        "keyName": "update.example.org.",
        "key": "c2VjcmV0",
        "primaryServer": "192.0.2.53",
        "algorithm": "HMAC-SHA256",
    },
}

ZONE_ERRORS = {
    400: json_or_text_error(
        "Fields are missing or wrong (`errors`), the zone may not be so or cannot be reached (a JSON string), its name "
        "servers may not serve it (`zone` and `errors`), or the body is no JSON (plain text)"
    ),
    403: FORBIDDEN,
    415: text_error("The body has another media type than JSON"),
}
ZONE_ERRORS[400]["content"]["application/json"] = {"schema": {"anyOf": [{"type": "string"}, {"type": "object"}]}}
HELD = json_error("The zone is syncing, has a pending update, or keeps changing")
CHANGE = answer("The change of the zone", ChangeFields)

RULE = {
    "type": "object",
    "required": ["accessLevel"],
    "properties": {
        "accessLevel": {"type": "string", "enum": list(AccessLevel)},
        "description": {"type": ["string", "null"]},
        "userId": {"type": ["string", "null"]},
        "groupId": {"type": ["string", "null"]},
        "recordMask": {
            "type": ["string", "null"],
            "description": "A regular expression (RE2) for names, in any case of letters. For PTR alone, a CIDR block",
        },
        "recordTypes": {"type": ["array", "null"], "items": {"type": "string", "enum": [*TYPES, "UNKNOWN"]}},
        "displayName": {"type": ["string", "null"], "description": "Ignored"},
    },
}
"""The schema of an access rule in a request."""

RULE_ANSWERS = {
    202: answer("The change of the zone, with its rules as they are now", ChangeFields),
    400: refused_body(
        "The body has wrong fields (`errors`), no zone may have the rule (a JSON string), or it is no JSON (plain text)"
    ),
    403: FORBIDDEN,
    404: json_error(NO_ZONE),
    409: json_error("The zone is syncing, has a pending update, or keeps changing"),
    415: text_error("The body has another media type than JSON"),
}

NAME_FILTER = query(
    "nameFilter", str, "Names that begin so; with `*`, or a dot at its end, whole names. `*` stands for any text"
)
IGNORE_ACCESS = query("ignoreAccess", YES_OR_NO, "List zones that the caller does not see, too")

OPERATIONS = {
    "POST /zones": Operation(
        name="connect_vinyldns_zone",
        summary="Connect to a zone of a name server",
        answers={
            **ZONE_ERRORS,
            202: answer("The change of the zone, whose first sync has begun", ChangeFields),
            409: json_error("There is a zone of this name, or others make zones of it at this moment"),
        },
        description="The name servers of the zone are asked before anything is stored.",
        body=body(NEW_ZONE, example=EXAMPLE),
    ),
    "PUT /zones/{zoneId}": Operation(
        name="update_vinyldns_zone",
        summary="Replace the settings of a zone",
        answers={**ZONE_ERRORS, 202: CHANGE, 404: json_error(NO_ZONE), 409: HELD},
        description="What is left out is removed. What a zone is shown with may be sent back.",
        body=body(CHANGED_ZONE),
    ),
    "DELETE /zones/{zoneId}": Operation(
        name="delete_vinyldns_zone",
        summary="Delete a zone here",
        answers={
            202: CHANGE,
            400: json_error("There are zones below it, which a zone that is kept here may not have"),
            403: FORBIDDEN,
            404: json_error(NO_ZONE),
            409: HELD,
        },
        description="Its name servers keep it.",
    ),
    "GET /zones": Operation(
        name="list_vinyldns_zones",
        summary="List zones by name",
        answers={
            200: answer("A page of the zones that the caller sees, by name", ZoneListFields),
            400: UNREADABLE,
            403: text_error("The caller is locked"),
        },
        parameters=(
            NAME_FILTER,
            query("startFrom", str, "The `nextId` of the page before: names behind it are listed"),
            MAX_ITEMS,
            query("searchByAdminGroup", YES_OR_NO, "Whether `nameFilter` is of the names of admin groups"),
            IGNORE_ACCESS,
            query("includeReverse", YES_OR_NO | {"default": "true"}, "Whether to list reverse zones"),
        ),
    ),
    "GET /zones/name/{name}": Operation(
        name="get_vinyldns_zone_by_name",
        summary="Show the zone of a name",
        answers={
            200: answer("The zone, and the caller's access to it, which may be none", ZoneInfo),
            403: text_error("The caller is locked"),
            404: json_error(NO_ZONE),
        },
    ),
    "GET /zones/backendids": Operation(
        name="list_vinyldns_backend_ids",
        summary="List the ids of the backends",
        answers={
            200: answer("The ids", {"type": "array", "items": str}),
            403: text_error("The caller is locked"),
        },
    ),
    "GET /zones/deleted/changes": Operation(
        name="list_vinyldns_deleted_zones",
        summary="List deleted zones",
        answers={
            200: answer("A page of deleted zones, one a name, the last deleted first", DeletedListFields),
            400: UNREADABLE,
            403: text_error("The caller is locked"),
        },
        parameters=(
            NAME_FILTER,
            query("startFrom", str, "The `nextId` of the page before, the id of a zone"),
            MAX_ITEMS,
            IGNORE_ACCESS,
        ),
    ),
    "GET /zones/{zoneId}/details": Operation(
        name="get_vinyldns_zone_details",
        summary="Show what everybody may know of a zone",
        answers={
            200: answer("The details", ZoneDetails),
            403: text_error("The caller is locked"),
            404: json_error(NO_ZONE),
        },
    ),
    "PUT /zones/{zoneId}/acl/rules": Operation(
        name="add_vinyldns_acl_rule",
        summary="Add an access rule to a zone",
        answers=RULE_ANSWERS,
        body=body(RULE),
    ),
    "DELETE /zones/{zoneId}/acl/rules": Operation(
        name="delete_vinyldns_acl_rule",
        summary="Delete an access rule of a zone",
        answers=RULE_ANSWERS,
        body=body(RULE),
    ),
    "POST /zones/{zoneId}/sync": Operation(
        name="sync_vinyldns_zone",
        summary="Sync a zone with its primary",
        answers={
            **dict.fromkeys(
                (200, 202),
                answer(
                    "The change of the sync, or the dry run, which has begun. `links.self` has the report of a dry run",
                    {"anyOf": [ChangeFields, DryRunFields]},
                ),
            ),
            400: json_or_text_error(
                "The zone is syncing, was synced within the delay, is deleted, has no primary, or has a dry run in "
                "progress (a JSON string). Or the query cannot be read (plain text)"
            ),
            403: FORBIDDEN,
            404: json_error(NO_ZONE),
            409: json_error("The zone has a pending update"),
            429: json_error("The project has as much at work as it may") | {"headers": RETRY_AFTER},
        },
        description="During a sync, the zone can be read but not written. A dry run does not hold the zone, ignores "
        "the delay, and may run during a sync. A body is ignored.",
        parameters=(
            query(
                "mode",
                {"type": "string", "enum": list(MODES), "default": MODES[0]},
                "`axfr` transfers the whole zone, `ixfr` the differences (RFC 1995). `auto` uses `ixfr` if possible",
            ),
            query("force", YES_OR_NO, "Ignore the guards on the percentages that a sync may delete and change"),
            query("dryRun", YES_OR_NO, "Only report what a sync would do"),
        ),
    ),
    "GET /zones/{zoneId}": Operation(
        name="get_vinyldns_zone",
        summary="Show a zone",
        answers={
            200: answer("The zone, and the caller's access to it", ZoneInfo),
            403: FORBIDDEN,
            404: json_error(NO_ZONE),
        },
    ),
    "GET /zones/{zoneId}/changes": Operation(
        name="list_vinyldns_changes",
        summary="Read the history of a zone",
        answers={
            200: answer("A page of the history, newest first", HistoryFields),
            400: UNREADABLE,
            403: FORBIDDEN,
            404: json_error(NO_ZONE),
        },
        parameters=(MAX_ITEMS, query("startFrom", str, "The `nextId` of the page before")),
    ),
}

PROSE = {
    "recurrenceSchedule": "The schedule as a Quartz cron expression (UTC), if it is one",
    "scheduleRequestor": "The name of the user who set the schedule",
}

SCHEMAS = {
    "VinyldnsZone": Shape(of=ZoneFields, prose=PROSE),
    "VinyldnsZoneInfo": Shape(
        of=ZoneInfoFields,
        prose=PROSE | {"systemMessage": "Why the last sync or check of its primaries failed, and since when"},
    ),
    "ZoneChangeEntry": Shape(
        of=ChangeFields, prose={"systemMessage": "Why the sync failed, or which records it skipped"}
    ),
    "AclRule": Shape(of=RuleFields, prose={"recordTypes": "Empty for all types"}),
    "ZoneConnection": Shape(
        of=ConnectionFields, prose={"key": "A stand-in for the key. Sent back for the same zone, it keeps the key"}
    ),
    "AclRuleInfo": Shape(of=RuleInfoFields, prose={"displayName": "The name of the user or the group"}),
    "VinyldnsZoneDetails": Shape(of=DetailsFields),
    "VinyldnsZones": Shape(of=ZoneListFields, prose={"nextId": "The `startFrom` of the next page"}),
    "DeletedZones": Shape(of=DeletedListFields, prose={"nextId": "The `startFrom` of the next page"}),
    "SyncCounts": Shape(
        of=SyncCounts,
        description="Record sets that a finished sync created, updated, deleted and kept, and the records of the zone",
        prose={"transfer": "The kind of transfer"},
    ),
    "ZoneChanges": Shape(of=HistoryFields, prose={"nextId": "The `startFrom` of the next page"}),
}

TOPIC = Topic("VinylDNS", OPERATIONS, SCHEMAS)
