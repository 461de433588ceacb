"""The words of errors below /v2: those of OpenStack Designate, with our reason behind them.

The words are from Designate's source (release 23.0.0), where its own clients and tests have them from: `exceptions.py`,
`central/service.py`, `utils.py`, `storage/sqlalchemy/base.py`, `quota/base.py`, `api/v2/`, `objects/`; from
keystonemiddleware for missing credentials, and from oslo.middleware for large bodies.
"""

from collections.abc import Mapping

from zonewright import errors
from zonewright.errors import RequestError
from zonewright.http.designate import refusals
from zonewright.http.endpoint import lookup

WORDS: dict[type[RequestError], str] = {
    RequestError: "",
    # -- who calls
    errors.NotAuthenticated: "The request you have made requires authentication.",
    errors.GroupUnknown: "A project ID must be specified when not using a project scoped token.",
    errors.NotZoneAdmin: "user {e.user} does not administer zone {e.zone}",
    errors.WrongOfferKey: "Key does not match stored key for request",
    # -- what is not there
    errors.PathNotFound: "resource not found: {e.path}",
    errors.ZoneNotFound: "Could not find Zone: {e.zone}",
    errors.RecordSetNotFound: "Could not find RecordSet: {e.record_set}",
    errors.ImportNotFound: "Could not find ZoneImport: {e.task}",
    errors.ExportNotFound: "Could not find ZoneExport: {e.task}",
    errors.PoolNotFound: "Could not find Pool: {e.pool}",
    errors.NoValidPool: "There are no pools that matched your request: {e.pool}",
    errors.ShareNotFound: "Could not find SharedZone: {e.share}",
    errors.OfferNotFound: "Could not find ZoneTransferRequest: {e.offer}",
    errors.AcceptanceNotFound: "Could not find ZoneTransferAccept: {e.acceptance}",
    errors.TsigKeyNotFound: "Could not find TsigKey: {e.key}",
    errors.TldNotFound: "Could not find Tld: {e.entry}",
    errors.BlacklistNotFound: "Could not find Blacklist: {e.entry}",
    errors.GroupNotFound: "{e.group} is not a valid project ID.",
    errors.InvalidTarget: "{e.group} is not a valid project ID.",
    errors.NoResource: "Resource ID {e.resource} is not a valid {e.kind}",
    # -- what is there already
    errors.ZoneExists: "Duplicate Zone: {e.zone}",
    errors.RecordSetExists: "Duplicate RecordSet: zone {e.zone} has {e.name} {e.type} already",
    errors.ShareExists: "Duplicate SharedZone: zone {e.zone} is shared with project {e.group} already",
    errors.OfferExists: "Duplicate ZoneTransferRequest: zone {e.zone} is offered already",
    errors.TsigKeyExists: "Duplicate TsigKey: {e.key}",
    errors.TldExists: "Duplicate Tld: {e.text}",
    errors.BlacklistExists: "Duplicate Blacklist: {e.text}",
    # -- the query and the path
    refusals.RepeatedFilters: "Duplicate filters {e.names}",
    refusals.UnknownFilters: "Invalid filters {e.names}",
    errors.InvalidLimit: "limit should be an integer between 1 and {e.most}, or max, not {e.limit}",
    errors.InvalidSortKey: "sort key must be one of {e.keys!r}, not {e.key}",
    errors.InvalidSortDirection: "Unknown sort direction, must be 'desc' or 'asc', not {e.direction}",
    errors.InvalidMarker: "Invalid marker {e.marker}",
    errors.MarkerNotFound: "Marker {e.marker} could not be found",
    errors.InvalidId: "Invalid UUID {e.name}: {e.value}",
    errors.InvalidProjectId: "Invalid {e.name}: {e.value}",
    # -- the body
    refusals.WrongContentType: "Content-type must be {e.wanted}",
    refusals.WrongAccept: "Accept must be {e.wanted}",
    refusals.BodyTooLarge: "Request is too large. Larger than {e.most}.",
    errors.EmptyBody: "Request Body is empty",
    refusals.InvalidImport: "Invalid JSON body",
    refusals.InvalidObject: "Provided object does not match schema",
    refusals.InvalidKeys: "Provided object does not match schema. {e.problem}",
    refusals.InvalidValue: "Provided object is not valid. Got a ValueError error with message {e.problem}",
    errors.MalformedZoneFile: "Malformed zonefile.",
    errors.NoOrigin: "The $ORIGIN statement is required and must be the first statement in the zonefile.",
    errors.NoSoa: "An SOA record is required",
    # -- zones
    errors.NameTooShort: "More than one label is required in {e.name}",
    errors.TldUnknown: "Invalid TLD: {e.name} ends in none of {e.tlds}",
    errors.NameOfTld: "Zone name cannot be the same as a TLD: {e.name}",
    errors.NameBlacklisted: "Blacklisted zone name: {e.name}",
    errors.NameUnchecked: "{e.name} could not be checked against the blacklist in time",
    errors.InvalidTtl: "TTL is below the minimum: {e.minimum}, and this one is {e.ttl}",
    errors.IllegalChild: "Unable to create subzone in another tenants zone: {e.zone}",
    errors.IllegalParent: "Unable to create zone because another tenant owns a subzone of the zone: {e.zone}",
    errors.ZoneHasSubZone: "Please delete any subzones before deleting this zone: {e.zone} has {e.child} for one",
    errors.ZoneShared: (
        "This zone is shared with other projects, please remove these shares before deletion or use the delete-shares "
        "modifier to override this warning. Zone {e.zone} is shared with {e.shares} projects"
    ),
    errors.SharedNotOffered: "zone {e.zone} is shared with {e.shares} projects: it cannot be transferred",
    errors.SharedWithOwner: "Cannot share the zone with the zone owner. Zone {e.zone} needs no share",
    errors.OfferEnded: "Zone Transfer Request has been used",
    errors.OwnOffer: "Zone Transfer Request Invalid: zone {e.zone} belongs to project {e.group} already",
    errors.NotSecondary: "Can't XFR a non Secondary zone.",
    errors.OverQuota: "Quota exceeded for {e.quota}.",
    # -- record sets
    errors.OutsideZone: "RecordSet is not contained within it's parent zone: {e.name} is not in {e.zone}",
    errors.InChildZone: "RecordSet belongs in a child zone: {e.child}",
    errors.CnameAtApex: "CNAME recordsets may not be created at the zone apex: {e.name}",
    errors.CnameBeside: "CNAME recordsets may not share a name with any other records: {e.name} has {e.types}",
    errors.TooManyRecords: "{e.type} recordsets may not have more than 1 record",
    errors.RecordSetManaged: "Managed records may not be {e.verb}: the {e.which} of a zone is ours",
    errors.SoaCreated: "Creating a SOA recordset is not allowed: the SOA of a zone is ours",
    errors.SoaUpdated: "Updating SOA recordsets is not allowed: the SOA of a zone is ours",
    errors.SoaDeleted: "Deleting a SOA recordset is not allowed: the SOA of a zone is ours",
}
"""Designate's words for each error, with its values as `e`. An error without words here has our reason only."""

OF_IMPORTS: Mapping[type[RequestError], str] = {
    errors.ZoneExists: "Duplicate zone. Zone {e.zone} exists",
    errors.OverQuota: "Quota exceeded during zone import. Quota exceeded for {e.quota}.",
    errors.NoSoa: "An SOA record is required.",
}
"""The words in the `message` of a failed import that differ from those of a refusal (contract, section 6)."""


def text(error: RequestError) -> str:
    """Return the text of an error: Designate's words and, behind them, our reason."""
    words = lookup(WORDS, error)
    return _joined(words, error) if words else error.why or error.message


def of_import(error: RequestError) -> str:
    """Return the `message` of an import that failed with an error."""
    words = OF_IMPORTS.get(type(error))
    return text(error) if words is None else _joined(words, error)


def _joined(words: str, error: RequestError) -> str:
    said = words.format(e=error)
    return (" " if said.endswith(".") else ": ").join(filter(None, (said, error.why)))
