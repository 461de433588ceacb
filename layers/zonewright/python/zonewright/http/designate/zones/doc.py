"""The API document of zones, and of tasks on a whole zone (contract `designate.md`, sections 3, 4 and 8)."""

from typing import Annotated, Literal

from zonewright.http.designate.doc import (
    CONDITIONAL,
    CONDITIONS,
    ELSEWHERE,
    ETAG,
    LOCATION,
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
            "illegal_child",
            "illegal_parent",
            "duplicate_zone",
            "zone_busy",
            "over_quota",
        ),
        description="A PRIMARY zone is kept here and has its SOA and NS records at once. A SECONDARY one is copied "
        "from its `masters`; its first sync begins at once, until when it is `PENDING`. A master file makes a PRIMARY "
        "zone of what it holds: `$INCLUDE` is refused, the SOA and the NS at the apex become the service's own.",
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
        summary="List the zones of the project, and those shared with it",
        answers={200: answer("A page of them", page("zones", ZoneFields))},
        errors=WITH_PAGES,
        description="Oldest first, if nothing else is asked. `links.next` is there exactly when the page is full.",
        parameters=paging(
            filters.FILTERS,
            filters.ORDERS,
            Uuid,
            prose={
                "name": "the name is this",
                "type": "the type is this",
                "email": "the email is this",
                "status": "the status is this",
                "description": "the description is this",
                "ttl": "the TTL is this",
            },
        ),
    ),
    "GET /v2/zones/{zone_id}": Operation(
        name="get_zone",
        summary="Show a zone",
        answers={
            200: either(answer("The zone", ZoneDocument, VALIDATORS), MASTER_FILE),
            303: answer(
                "The master file is large: it is there, for an hour and without credentials",
                headers=ELSEWHERE | VALIDATORS,
            ),
            304: answer("The caller has it already", headers=VALIDATORS),
        },
        errors=("invalid_uuid", "not_found", "zone_not_found", "over_quota", *CONDITIONAL),
        description="As a master file for those who send `Accept: text/dns`.",
        parameters=(
            query("version", Version, "As a master file: the version of the contents, the newest if none is named"),
            *CONDITIONS,
        ),
    ),
    "PATCH /v2/zones/{zone_id}": Operation(
        name="update_zone",
        summary="Change a zone",
        answers={
            200: answer("The zone as it is now, in the release `seed`", ZoneDocument, ETAG),
            202: answer("The zone as it is now, in the release `current`", ZoneDocument, ETAG),
        },
        errors=("invalid_uuid", "invalid_ttl", "zone_not_found", "zone_busy", *CONDITIONAL),
        description="`email`, `ttl`, `description`, `masters`, `attributes`, `schedule` and `guards` may change; "
        "`name`, `type` and `project_id` may be sent as they are.",
        parameters=CONDITIONS,
        body=body(wrapped("zone", ZoneChange), change={"ttl": 600, "description": None}),
    ),
    "DELETE /v2/zones/{zone_id}": Operation(
        name="delete_zone",
        summary="Delete a zone",
        answers={
            202: answer("The zone as it was, in the release `current`", ZoneDocument),
            204: answer("It is gone, in the release `seed`"),
        },
        errors=("invalid_uuid", "zone_not_found", "zone_busy", "zone_has_sub_zone", "zone_is_shared", *CONDITIONAL),
        description="Its name is free at once. Nobody can accept it any more, where it was offered.",
        parameters=(header("X-Designate-Delete-Shares", YES, "Although it is shared: end that too"), *CONDITIONS),
    ),
    "GET /v2/zones/{zone_id}/nameservers": Operation(
        name="list_nameservers",
        summary="Name who answers for a zone",
        answers={200: answer("By priority", NameServers)},
        errors=("invalid_uuid", "zone_not_found"),
        description="The service's own name servers; for a SECONDARY zone, its `masters`.",
    ),
    "POST /v2/zones/{zone_id}/tasks/xfr": Operation(
        name="transfer_zone",
        tag="Tasks",
        summary="Copy a SECONDARY zone again",
        answers={202: answer("The sync has begun; the zone shows how it goes")},
        errors=("bad_request", "invalid_uuid", "zone_not_found", "zone_busy"),
        description="Does nothing if the primary's serial has not moved. A body is not read.",
    ),
    "POST /v2/zones/{zone_id}/tasks/restore": Operation(
        name="restore_zone",
        tag="Tasks",
        summary="Give a PRIMARY zone the contents of an older version again",
        answers={202: answer("The zone with these contents and the next serial", ZoneDocument, ETAG)},
        errors=("bad_request", "invalid_uuid", "not_found", "zone_not_found", "zone_busy", "over_quota"),
        description="It is a new version, and a change of the zone's history. The SOA, the NS at the apex and the "
        "zone's settings stay as they are; so does all of it, where the version is the one that is shown.",
        body=body(wrapped("restore", Restore), version={"version": 3}),
    ),
    "POST /v2/zones/{zone_id}/tasks/abandon": Operation(
        name="abandon_zone",
        tag="Operators",
        summary="Drop a zone",
        answers={204: answer("It is gone, whatever the release")},
        errors=("invalid_uuid", "zone_has_sub_zone", "zone_is_shared", "zone_not_found", "zone_busy"),
        description="For super users. A body is not read.",
    ),
}

SCHEDULE = (
    "When a SECONDARY zone is copied again: as its SOA says, after so many seconds (at least the "
    "deployment's shortest schedule, usually 60), at the moments of a Quartz cron expression (UTC), or never"
)
GUARDS = Shape(
    of=GuardFields,
    prose={
        "zone_records": "Records it may bring; at most the deployment's, where it has a limit",
        "deleted_percent": "Of the record sets held, how many it may delete",
        "changed_percent": "The same, how many it may create, update and delete together",
    },
    description="What a sync of a SECONDARY zone may do, in the place of what the deployment says of every zone: a "
    "guard that is null or absent is the deployment's. `force=true` goes over the percents",
)
SENT = {"schedule": ZoneSchedule, "guards": GuardFields | None}
"""The types of two fields that `body` checks itself, so the model has none."""

SENT_PROSE = {
    "project_id": "The caller's own",
    "pool_id": "Ignored: a pool is not the caller's choice",
    "schedule": SCHEDULE,
}
PROSE = {
    "serial": "SOA serial; 0 where the zone has no contents yet",
    "version": "Rises with every stored change",
    "schedule": SCHEDULE,
    "schedule_error": "Why the primaries told nothing the last time",
}

SCHEMAS: dict[str, Shape | Json] = {
    "Zone": Shape(of=ZoneFields, prose=PROSE, example=EXAMPLE),
    "ZoneDocument": Shape(
        of=ZoneDocument,
        description="A single zone: flat for today's clients, and under `zone` for those of the first release",
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
