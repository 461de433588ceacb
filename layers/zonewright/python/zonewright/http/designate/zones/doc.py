"""The API document of zones, and of tasks on a whole zone (contract `designate.md`, sections 3, 4 and 8)."""

from typing import Annotated, Literal

from zonewright.http.designate.doc import (
    CONDITIONAL,
    CONDITIONS,
    ELSEWHERE,
    ETAG,
    LOCATION,
    OLDEST_FIRST,
    VALIDATORS,
    WITH_PAGES,
    or_file,
    page,
    paging,
    wrapped,
)
from zonewright.http.designate.zones import filters
from zonewright.http.designate.zones.answer import GuardFields, NameServers, ZoneDocument, ZoneFields, ZoneSchedule
from zonewright.http.designate.zones.body import Primaries, PrimaryZone, SecondaryZone, ZoneChange
from zonewright.http.designate.zones.restore_body import Restore
from zonewright.http.formats import Uuid, Version
from zonewright.http.openapi.operations import YES, Operation, Topic, answer, body, either, header, query
from zonewright.http.openapi.schemas import Json, Shape, ref
from zonewright.http.schema import Schema
from zonewright.model.zone import ZoneType

EXAMPLE: Json = {
    "id": "a86dba58-0043-4cc6-a1bb-69d5e86f3ca3",
    "pool_id": "794ccc2c-d751-44fe-b57f-8894c9f5c842",
    "project_id": "cf00d1e4-46f1-493a-a3be-0ae79dd306a5",
    "name": "example.org.",
    "email": "joe@example.org",
    "ttl": 7200,
    "serial": 1768480496,
    "status": "ACTIVE",
    "status_message": None,
    "action": "NONE",
    "description": "This is an example zone.",
    "version": 1,
    "type": "PRIMARY",
    "masters": [],
    "attributes": {},
    "shared": False,
    "created_at": "2026-01-15T12:34:56.275934",
    "updated_at": None,
    "transferred_at": None,
    "links": {"self": "https://dns.example.net/v2/zones/a86dba58-0043-4cc6-a1bb-69d5e86f3ca3"},
}
MASTER_FILE = answer("The contents as a master file", str, media="text/dns")

OPERATIONS = {
    "POST /v2/zones": Operation(
        name="create_zone",
        summary="Create a zone",
        answers={
            201: answer("The zone, in the release `seed`", ZoneDocument, LOCATION | ETAG),
            202: answer("The zone, in the release `current`", ZoneDocument, LOCATION | ETAG),
        },
        errors=(
            "bad_request",
            "invalid_zone_name",
            "invalid_ttl",
            "invalid_recordset_location",
            "illegal_child",
            "illegal_parent",
            "no_valid_pool_found",
            "duplicate_zone",
            "zone_busy",
            "over_quota",
            "too_many_requests",
        ),
        description="A PRIMARY zone gets its SOA and NS records at once. A SECONDARY zone is copied from its "
        "`masters`. Its first sync begins at once, and the zone is `PENDING` until that ends. A master file makes a "
        "PRIMARY zone with its contents. `$INCLUDE` is refused. The service replaces the SOA and the NS at the apex. "
        "`attributes` choose the pool: the one that has all of them, or else the default. Super users may name it in "
        "the attribute `pool_id`.",
        body=or_file(
            body(
                wrapped("zone", ref("NewZone")),
                primary={"name": "example.org.", "email": "joe@example.org", "ttl": 7200},
                secondary={"name": "copy.example.org.", "type": "SECONDARY", "masters": ["192.0.2.1"]},
                wrapped={"zone": {"name": "example.org.", "email": "joe@example.org"}},
            )
        ),
    ),
    "GET /v2/zones": Operation(
        name="list_zones",
        summary="List the zones of the project and the zones shared with it",
        answers={200: answer("A page of zones", page("zones", ZoneFields))},
        errors=WITH_PAGES,
        description=f"{OLDEST_FIRST} Exactly a full page has `links.next`.",
        parameters=paging(
            filters.FILTERS,
            filters.ORDERS,
            Uuid,
            prose={
                "name": "name",
                "type": "type",
                "email": "email",
                "status": "status",
                "description": "description",
                "ttl": "TTL",
            },
        ),
    ),
    "GET /v2/zones/{zone_id}": Operation(
        name="get_zone",
        summary="Show a zone",
        answers={
            200: either(answer("The zone", ZoneDocument, VALIDATORS), MASTER_FILE),
            303: answer(
                "The master file is large. The link works for an hour at most, without credentials",
                headers=ELSEWHERE | VALIDATORS,
            ),
            304: answer("The caller has the current zone", headers=VALIDATORS),
        },
        errors=("invalid_uuid", "not_found", "zone_not_found", "over_quota", *CONDITIONAL),
        description="With `Accept: text/dns`, the answer is a master file.",
        parameters=(
            query("version", Version, "The version of the contents, for a master file. The default is the newest"),
            *CONDITIONS,
        ),
    ),
    "PATCH /v2/zones/{zone_id}": Operation(
        name="update_zone",
        summary="Change a zone",
        answers={
            200: answer("The changed zone, in the release `seed`", ZoneDocument, ETAG),
            202: answer("The changed zone, in the release `current`", ZoneDocument, ETAG),
        },
        errors=("invalid_uuid", "invalid_ttl", "zone_not_found", "zone_busy", "too_many_requests", *CONDITIONAL),
        description="`email`, `ttl`, `description`, `masters`, `attributes`, `schedule` and `guards` may change. "
        "Fields that cannot change may be sent as they are, so that a client can send what it read. "
        "Other `masters` begin a sync.",
        parameters=CONDITIONS,
        body=body(wrapped("zone", ZoneChange), change={"ttl": 600, "description": None}),
    ),
    "DELETE /v2/zones/{zone_id}": Operation(
        name="delete_zone",
        summary="Delete a zone",
        answers={
            202: answer("The deleted zone, in the release `current`", ZoneDocument),
            204: answer("The zone is deleted, in the release `seed`"),
        },
        errors=("invalid_uuid", "zone_not_found", "zone_busy", "zone_has_sub_zone", "zone_is_shared", *CONDITIONAL),
        description="The name is free at once. Nobody can accept an offer of the zone any more. Its TSIG keys are "
        "deleted.",
        parameters=(header("X-Designate-Delete-Shares", YES, "Delete the zone even if it is shared"), *CONDITIONS),
    ),
    "GET /v2/zones/{zone_id}/nameservers": Operation(
        name="list_nameservers",
        summary="List the name servers of a zone",
        answers={200: answer("Name servers, by priority", NameServers)},
        errors=("invalid_uuid", "zone_not_found"),
        description="These are the service's own name servers, or the `masters` of a SECONDARY zone.",
    ),
    "POST /v2/zones/{zone_id}/tasks/xfr": Operation(
        name="transfer_zone",
        tag="Tasks",
        summary="Sync a SECONDARY zone",
        answers={202: answer("The sync has begun. The zone shows its progress")},
        errors=("bad_request", "invalid_uuid", "zone_not_found", "zone_busy", "too_many_requests"),
        description="The sync changes nothing if the primary still has the same serial. A body is ignored.",
    ),
    "POST /v2/zones/{zone_id}/tasks/restore": Operation(
        name="restore_zone",
        tag="Tasks",
        summary="Restore an older version of a PRIMARY zone",
        answers={202: answer("The zone with the restored contents and the next serial", ZoneDocument, ETAG)},
        errors=("bad_request", "invalid_uuid", "not_found", "zone_not_found", "zone_busy", "over_quota"),
        description="The restored contents become a new version, with an entry in the history. The SOA, the NS at the "
        "apex and the settings do not change. Restoring the present version changes nothing.",
        body=body(wrapped("restore", Restore), version={"version": 3}),
    ),
    "POST /v2/zones/{zone_id}/tasks/abandon": Operation(
        name="abandon_zone",
        tag="Operators",
        summary="Abandon a zone",
        answers={204: answer("The zone is deleted, in both releases")},
        errors=("invalid_uuid", "zone_has_sub_zone", "zone_is_shared", "zone_not_found", "zone_busy"),
        description="Deletes the zone. For super users. A body is ignored.",
    ),
}

SCHEDULE = (
    "When a SECONDARY zone is synced without a request. `refresh` follows its SOA. A number is an interval in seconds, "
    "at least the deployment's shortest (usually 60). A text is a Quartz cron expression in UTC. Null means never"
)
GUARDS = Shape(
    of=GuardFields,
    prose={
        "zone_records": "Maximum number of records of a copy. Cannot exceed the deployment's limit",
        "deleted_percent": "Maximum percentage of the held record sets that a sync may delete",
        "changed_percent": "Maximum percentage of them that a sync may create, update and delete together",
    },
    description="Limits on a sync of a SECONDARY zone. A guard that is null or absent has the deployment's value. "
    "`force=true` ignores the two percentages",
)
SENT = {"schedule": ZoneSchedule, "guards": GuardFields | None}
"""The types of two fields. The model has none, because `body` checks these fields itself."""

SENT_PROSE = {
    "project_id": "The caller's project",
    "pool_id": "Ignored. `attributes` choose the pool",
    "schedule": SCHEDULE,
}
PROSE = {
    "serial": "SOA serial. 0 until the zone has contents",
    "version": "Rises with every stored change",
    "schedule": SCHEDULE,
    "status": "ERROR if the zone was never loaded, or if its primaries failed for longer than EXPIRE of its SOA allows",
    "status_message": "Why the last sync or check of its primaries failed, and since when. Null after a success",
    "schedule_error": "Why the last scheduled check or sync failed. A later success of the same kind ends it",
}

SCHEMAS: dict[str, Shape | Json] = {
    "Zone": Shape(of=ZoneFields, prose=PROSE, example=EXAMPLE),
    "ZoneDocument": Shape(
        of=ZoneDocument,
        description="A single zone: flat for today's clients, and under `zone` for clients of the first release",
        prose=PROSE,
        example=EXAMPLE | {"zone": EXAMPLE},
    ),
    "Guards": GUARDS,
    "NewZone": {"oneOf": [PrimaryZone, SecondaryZone]},
    "PrimaryZone": Shape(
        of=PrimaryZone,
        fields={
            "type": Literal[ZoneType.PRIMARY],
            "masters": Annotated[Primaries, Schema(maxItems=0)],
            "schedule": None,
            "guards": None,
        },
        prose={name: text for name, text in SENT_PROSE.items() if name != "schedule"},
    ),
    "SecondaryZone": Shape(
        of=SecondaryZone,
        fields={
            **SENT,
            "type": Literal[ZoneType.SECONDARY],
            "masters": Annotated[Primaries, Schema(minItems=1)],
        },
        without=("email", "ttl"),
        required=("type",),
        prose=SENT_PROSE,
    ),
    "ZoneChange": Shape(of=ZoneChange, fields=SENT, prose=SENT_PROSE),
    "Restore": Shape(of=Restore),
}

TOPIC = Topic("Zones", OPERATIONS, SCHEMAS)
