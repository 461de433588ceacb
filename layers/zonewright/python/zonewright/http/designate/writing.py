"""Zones and record sets as /v2 shows them (contract `designate.md`, sections 3, 4 and 9)."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode

from zonewright import names
from zonewright.http.message import Request, Response
from zonewright.settings import Settings
from zonewright.states import State
from zonewright.zone import Zone, ZoneType

if TYPE_CHECKING:
    from zonewright import recordsets, zones
    from zonewright.selection import Selection

# What each release answers to a change: Juno of the seed page, and today's.
CREATED = {"seed": 201, "current": 202}
UPDATED = {"seed": 200, "current": 202}

HIGHEST_LIMIT = 1000  # max_page_limit; larger ones are taken as this
HIGHEST_NAME = 255

STATUS = {
    State.ACTIVE: "ACTIVE",
    State.SYNCING: "PENDING",
    State.PENDING_UPDATE: "PENDING",
    State.ERROR: "ERROR",
    State.DELETED: "PENDING",  # as the clients wait for it: PENDING/DELETE, then 404
}


def created(request: Request, settings: Settings, zone: Zone) -> Response:
    """A new zone, and where it is."""
    location = {"location": _zone_url(request, zone.id)}
    return Response.json(CREATED[settings.designate_release], zone_document(request, settings, zone), location)


def shown(request: Request, settings: Settings, zone: Zone) -> Response:
    """A zone as it is."""
    return Response.json(200, zone_document(request, settings, zone))


def updated(request: Request, settings: Settings, zone: Zone) -> Response:
    """A changed zone."""
    return Response.json(UPDATED[settings.designate_release], zone_document(request, settings, zone))


def deleted(request: Request, settings: Settings, zone: Zone) -> Response:
    """A zone that is gone: silence in the seed's release, the zone's last words in today's."""
    if settings.designate_release == "seed":
        return Response(204)
    return Response.json(202, zone_document(request, settings, zone))


def zone_list(request: Request, settings: Settings, wanted: "Selection[Zone]", found: "zones.Page") -> Response:
    """A page of zones; `next` is there exactly when the page is full."""
    full = len(found.zones) == wanted.limit
    documents = [zone_fields(request, settings, zone) for zone in found.zones]
    marker = found.zones[-1].id if full else None
    return _list(request, "zones", documents, found.total, marker)


def recordset_list(request: Request, zone: Zone, found: "recordsets.Page") -> Response:
    """A page of a zone's record sets."""
    documents = [recordset_fields(request, zone, item) for item in found.items]
    return _list(request, "recordsets", documents, found.total, found.next_marker)


def recordset(request: Request, zone: Zone, found: "recordsets.RecordSet") -> Response:
    """One record set of a zone."""
    return Response.json(200, recordset_fields(request, zone, found))


def name_servers(settings: Settings, zone: Zone) -> Response:
    """Who answers for a zone: the service's name servers, or those that a SECONDARY zone is copied from."""
    hosts = settings.name_servers if zone.type is ZoneType.PRIMARY else [primary.host for primary in zone.primaries]
    return Response.json(200, {"nameservers": _ranked(hosts)})


def transferring() -> Response:
    """A transfer has begun; the zone shows how it goes."""
    return Response(202)


def limits() -> Response:
    """What a project may have at most; -1 is as much as it likes."""
    return Response.json(
        200,
        {
            "max_zones": -1,
            "max_zone_recordsets": -1,
            "max_zone_records": -1,
            "max_recordset_records": -1,
            "min_ttl": 0,
            "max_zone_name_length": HIGHEST_NAME,
            "max_recordset_name_length": HIGHEST_NAME,
            "max_page_limit": HIGHEST_LIMIT,
        },
    )


def pool_list(request: Request, settings: Settings) -> Response:
    """The one pool; such a list has no metadata."""
    links = {"self": _url(request, request.path) + _query(request)}
    return Response.json(200, {"pools": [pool_fields(request, settings)], "links": links})


def pool(request: Request, settings: Settings) -> Response:
    """One pool."""
    return Response.json(200, pool_fields(request, settings))


def version_list(request: Request) -> Response:
    """Which versions there are, and where."""
    return Response.json(200, {"versions": [_version(request)]})


def version(request: Request) -> Response:
    """The version the path names; Designate lacks this one, but clients ask for it."""
    return Response.json(200, {"version": _version(request)})


def moved(request: Request, path: str) -> Response:
    """Where to send the same request, its body too (RFC 9110 section 15.4.9)."""
    return Response(308, headers={"location": _url(request, path) + _query(request)})


def zone_document(request: Request, settings: Settings, zone: Zone) -> dict[str, Any]:
    """A single zone: flat for today's clients, and under `zone` for the seed's."""
    fields = zone_fields(request, settings, zone)
    return {**fields, "zone": fields}


def zone_fields(request: Request, settings: Settings, zone: Zone) -> dict[str, Any]:
    """One zone."""
    return {
        "id": zone.id,
        "pool_id": settings.pool_id,
        "project_id": zone.group_id,
        "name": zone.name,
        "email": zone.email,
        "ttl": zone.ttl,
        "serial": zone.serial or 0,
        "status": STATUS[zone.state],
        "action": _action(zone),
        "description": zone.description,
        "version": zone.revision,
        "type": str(zone.type),
        "masters": [str(primary) for primary in zone.primaries],
        "attributes": dict(zone.attributes),
        "shared": zone.shared,
        "created_at": _time(zone.created),
        "updated_at": _time(zone.updated),
        "transferred_at": _time(zone.synced),
        "links": {"self": _zone_url(request, zone.id)},
    }


def recordset_fields(request: Request, zone: Zone, item: "recordsets.RecordSet") -> dict[str, Any]:
    """One record set; it is as active as the contents it was read from."""
    return {
        "id": item.id,
        "zone_id": zone.id,
        "zone_name": zone.name,
        "project_id": zone.group_id,
        "name": item.rrset.owner(names.absolute(zone.name)).to_text(),
        "type": item.rrset.type_text(),
        "records": item.rrset.texts(),
        "ttl": item.rrset.ttl,
        "description": None,
        "status": "ACTIVE",
        "action": "NONE",
        "version": 1,
        "created_at": _time(zone.created),
        "updated_at": None,
        "links": {"self": f"{_zone_url(request, zone.id)}/recordsets/{item.id}"},
    }


def pool_fields(request: Request, settings: Settings) -> dict[str, Any]:
    """The pool: the service's own name servers. It is the deployment's, so nobody made or changed it."""
    return {
        "id": settings.pool_id,
        "name": "default",
        "description": None,
        "project_id": None,
        "attributes": {},
        "ns_records": _ranked(settings.name_servers),
        "created_at": None,
        "updated_at": None,
        "links": {"self": _url(request, f"/v2/pools/{settings.pool_id}")},
    }


def _ranked(hosts: Sequence[str]) -> list[dict[str, Any]]:
    return [{"hostname": host, "priority": priority} for priority, host in enumerate(hosts, 1)]


def _action(zone: Zone) -> str:
    if zone.state is State.ACTIVE:
        return "NONE"
    if zone.state is State.DELETED:
        return "DELETE"
    return "UPDATE" if zone.version else "CREATE"


def _list(
    request: Request, name: str, documents: list[dict[str, Any]], total: int | None, marker: str | None
) -> Response:
    links = {"self": _url(request, request.path) + _query(request)}
    if marker is not None:
        kept = {name: values for name, values in request.query.items() if name != "marker"}
        links["next"] = f"{_url(request, request.path)}?{urlencode({**kept, 'marker': [marker]}, doseq=True)}"
    metadata = {} if total is None else {"total_count": total}
    return Response.json(200, {name: documents, "links": links, "metadata": metadata})


def _version(request: Request) -> dict[str, Any]:
    link = {"rel": "self", "href": _url(request, "/v2")}
    return {"id": "v2", "status": "CURRENT", "updated": "2026-11-21T00:00:00Z", "links": [link]}


def _zone_url(request: Request, zone_id: str) -> str:
    return _url(request, f"/v2/zones/{zone_id}")


def _query(request: Request) -> str:
    return f"?{request.query_string}" if request.query_string else ""


def _url(request: Request, path: str) -> str:
    return request.base_url + quote(path, safe="/%")


def _time(moment: datetime | None) -> str | None:
    """UTC with microseconds and no suffix: gophercloud's parser takes no other form."""
    return None if moment is None else moment.strftime("%Y-%m-%dT%H:%M:%S.%f")
