"""The API document of the lists of zone names (contract `designate.md`, section 10)."""

from zonewright.http.designate.doc import LOCATION, OLDEST_FIRST, WITH_PAGES, page, paging, wrapped
from zonewright.http.designate.namelists import filters
from zonewright.http.designate.namelists.answer import BlacklistFields, TldFields
from zonewright.http.designate.namelists.body import BlacklistChange, NewBlacklist, NewTld, TldChange
from zonewright.http.formats import SentUuid
from zonewright.http.openapi.operations import Operation, Topic, answer, body
from zonewright.http.openapi.schemas import Json, Shape
from zonewright.model.namelists import NameList

_TIMES: Json = {"created_at": "2026-01-15T12:34:56.275934", "updated_at": None}
_ID = "6c1f0b52-8f3e-4d2a-9b7d-0e5a4c3f2d18"
TLD: Json = {
    "id": _ID,
    "name": "org",
    "description": "Organisations",
    **_TIMES,
    "links": {"self": f"https://dns.example.net/v2/tlds/{_ID}"},
}
BLACKLIST: Json = {
    "id": _ID,
    "pattern": r"(^|\.)bank\.",
    "description": "Names of banks",
    **_TIMES,
    "links": {"self": f"https://dns.example.net/v2/blacklists/{_ID}"},
}
SUPER = "For super users."
OPERATORS = "For super and support users."

OPERATIONS = {
    "POST /v2/tlds": Operation(
        name="create_tld",
        summary="Add a top-level domain",
        answers={201: answer("The top-level domain", TldFields, LOCATION)},
        errors=("duplicate_tld", "settings_busy", "over_quota"),
        description=f"If there are any, every zone name must end with one, and must not be one. {SUPER}",
        body=body(wrapped("tld", NewTld), tld={"name": "org", "description": "Organisations"}),
    ),
    "GET /v2/tlds": Operation(
        name="list_tlds",
        summary="List the top-level domains",
        answers={
            200: answer("A page of top-level domains, without their number", page("tlds", TldFields, metadata=None))
        },
        errors=WITH_PAGES,
        description=f"{OPERATORS} {OLDEST_FIRST}",
        parameters=paging(
            filters.FILTERS[NameList.TLDS],
            filters.ORDERS[NameList.TLDS],
            SentUuid,
            counted=False,
            prose={"name": "name"},
        ),
    ),
    "GET /v2/tlds/{tld_id}": Operation(
        name="get_tld",
        summary="Show a top-level domain",
        answers={200: answer("The top-level domain", TldFields)},
        errors=("invalid_uuid", "tld_not_found"),
        description=OPERATORS,
    ),
    "PATCH /v2/tlds/{tld_id}": Operation(
        name="update_tld",
        summary="Change a top-level domain",
        answers={200: answer("The changed top-level domain", TldFields)},
        errors=("invalid_uuid", "tld_not_found", "duplicate_tld", "settings_busy", "over_quota"),
        description=SUPER,
        body=body(wrapped("tld", TldChange), change={"description": "Organisations"}),
    ),
    "DELETE /v2/tlds/{tld_id}": Operation(
        name="delete_tld",
        summary="Delete a top-level domain",
        answers={204: answer("The top-level domain is deleted")},
        errors=("invalid_uuid", "tld_not_found", "settings_busy"),
        description=SUPER,
    ),
    "POST /v2/blacklists": Operation(
        name="create_blacklist",
        summary="Add an entry to the blacklist",
        answers={201: answer("The entry", BlacklistFields, LOCATION)},
        errors=("duplicate_blacklist", "settings_busy", "over_quota"),
        description=f"No zone name may contain what an entry matches, unless a super user creates the zone. {SUPER}",
        body=body(wrapped("blacklist", NewBlacklist), entry={"pattern": r"(^|\.)bank\."}),
    ),
    "GET /v2/blacklists": Operation(
        name="list_blacklists",
        summary="List the blacklist",
        answers={
            200: answer("A page of entries, without their number", page("blacklists", BlacklistFields, metadata=None))
        },
        errors=WITH_PAGES,
        description=f"{OPERATORS} {OLDEST_FIRST}",
        parameters=paging(
            filters.FILTERS[NameList.BLACKLIST],
            filters.ORDERS[NameList.BLACKLIST],
            SentUuid,
            counted=False,
            prose={"pattern": "expression"},
        ),
    ),
    "GET /v2/blacklists/{blacklist_id}": Operation(
        name="get_blacklist",
        summary="Show an entry of the blacklist",
        answers={200: answer("The entry", BlacklistFields)},
        errors=("invalid_uuid", "blacklist_not_found"),
        description=OPERATORS,
    ),
    "PATCH /v2/blacklists/{blacklist_id}": Operation(
        name="update_blacklist",
        summary="Change an entry of the blacklist",
        answers={200: answer("The changed entry", BlacklistFields)},
        errors=("invalid_uuid", "blacklist_not_found", "duplicate_blacklist", "settings_busy", "over_quota"),
        description=SUPER,
        body=body(wrapped("blacklist", BlacklistChange), change={"description": "Names of banks"}),
    ),
    "DELETE /v2/blacklists/{blacklist_id}": Operation(
        name="delete_blacklist",
        summary="Delete an entry of the blacklist",
        answers={204: answer("The entry is deleted")},
        errors=("invalid_uuid", "blacklist_not_found", "settings_busy"),
        description=SUPER,
    ),
}

_NAME = {"name": "A top-level domain, which may have several labels, without a dot at its end"}
_PATTERN = {"pattern": "A regular expression of Python, searched for in zone names in any case"}

SCHEMAS = {
    "Tld": Shape(of=TldFields, prose=_NAME, example=TLD),
    "NewTld": Shape(of=NewTld, prose=_NAME),
    "TldChange": Shape(of=TldChange, prose=_NAME),
    "Blacklist": Shape(of=BlacklistFields, prose=_PATTERN, example=BLACKLIST),
    "NewBlacklist": Shape(of=NewBlacklist, prose=_PATTERN),
    "BlacklistChange": Shape(of=BlacklistChange, prose=_PATTERN),
}

TOPIC = Topic("Operators", OPERATIONS, SCHEMAS)
