"""VinylDNS's words for what its rules refuse of record sets (contract `vinyldns-writes.md`, sections 4 to 7)."""

from zonewright.errors import (
    CnameForApex,
    CnameToAddress,
    DotAtEnd,
    DottedHostForbidden,
    DottedHostRefused,
    DottedHostTaken,
    DsForApex,
    DsWithoutNs,
    EmptyLabels,
    HighValueName,
    NameFixed,
    NameServersUnapproved,
    NoAddressOfPtr,
    NotInOwnerGroup,
    NsForApex,
    OwnedAlready,
    OwnerGroupUnknown,
    OwnerNameMalformed,
    OwnerNameTaken,
    OwnerNameTooLong,
    OwnershipCancelForbidden,
    OwnershipCancelled,
    OwnershipForbidden,
    OwnershipNotPending,
    OwnershipRequestsOnly,
    OwnershipStatusRefused,
    OwnershipUnasked,
    OwnershipUnshared,
    PlaceMissing,
    PtrInForwardZone,
    PtrZoneOctets,
    RecordChangeNotFound,
    RecordSetExists,
    RecordSetForbidden,
    RecordSetNotFound,
    RequestError,
    SearchTooWide,
    SoaKept,
    TooManyHostDots,
    TypeFixed,
    TypeInReverseZone,
    ZoneOfPathDiffers,
)

WORDS: dict[type[RequestError], str] = {
    PlaceMissing: "recordType, fqdn and zoneId cannot be empty",
    SearchTooWide: (
        "Record Name Filter field must contain at least two letters or numbers to perform a RecordSet Search."
    ),
    RecordSetNotFound: "RecordSet with id {e.record_set} does not exist.",
    RecordChangeNotFound: "Unable to find record set change with id {e.change} in zone {e.zone}",
    RecordSetForbidden: "User {e.user} does not have access to {e.verb} {e.name}.{e.zone}",
    RecordSetExists: "RecordSet with name {e.name} and type {e.type} already exists in zone {e.zone}",
    OwnerNameTaken: (
        "RecordSet with name {e.name} already exists in zone {e.zone}, CNAME record cannot use duplicate name"
    ),
    HighValueName: 'Record name "{e.name}" is configured as a High Value Domain, so it cannot be modified.',
    PtrInForwardZone: "PTR is not valid in forward lookup zone",
    TypeInReverseZone: "{e.type} is not valid in reverse lookup zone.",
    OwnerNameTooLong: "record set name {e.name} is too long",
    OwnerNameMalformed: "record set name {e.name} is no name: {e.why}",
    OwnerGroupUnknown: 'Record owner group with id "{e.group}" not found',
    NotInOwnerGroup: 'User not in record owner group with id "{e.group}"',
    CnameForApex: "CNAME RecordSet cannot have name '@' because it points to zone origin",
    CnameToAddress: "Invalid CNAME: {e.target}, valid CNAME record data cannot be an IP address.",
    EmptyLabels: "RecordSet Data cannot contain consecutive 'dot' character. RData: '{e.target}'",
    NsForApex: "Record with name {e.name} is an NS record at apex and cannot be {e.verb}",
    NameServersUnapproved: "{e.why}",
    DsForApex: "Record with name [{e.name}] is an DS record at apex and cannot be added",
    DsWithoutNs: (
        "DS record [{e.name}] is invalid because there is no NS record with that name in the zone [{e.zone}]"
    ),
    NoAddressOfPtr: "RecordSet {e.name} does not specify a valid IP address in zone {e.zone}",
    PtrZoneOctets: "Zone {e.zone} does not have 1-3 octets: illegal",
    SoaKept: "SOA records cannot be deleted",
    DottedHostRefused: (
        "Record with name {e.name} and type {e.type} is a dotted host which is not allowed in zone {e.zone}"
    ),
    DottedHostTaken: (
        "Record with fqdn '{e.name}' cannot be created. Please check if a record with the same FQDN and type already "
        "exist and make the change there."
    ),
    DottedHostForbidden: (
        "Record type is not allowed or the user is not authorized to create a dotted host in the zone '{e.zone}'"
    ),
    TooManyHostDots: (
        "RecordSet with name {e.name} has more dots than that is allowed in config for this zone which is, "
        "'dots-limit = {e.most}'."
    ),
    DotAtEnd: "RecordSet name cannot end with a dot, unless it's an apex record.",
    ZoneOfPathDiffers: "Cannot update RecordSet's zoneId attribute",
    NameFixed: "Cannot update RecordSet's name.",
    TypeFixed: "Cannot update RecordSet's record type.",
    OwnershipRequestsOnly: (
        "Cannot update RecordSet's if user not a member of ownership group. User can only request for ownership "
        "transfer"
    ),
    OwnershipCancelled: "Cannot update RecordSet Ownership Status when request is cancelled.",
    OwnershipUnshared: "Cannot update RecordSet Ownership Status when zone is not shared.",
    OwnershipUnasked: "Unable to {e.status} the Ownership transfer status for the record: None",
    OwnershipForbidden: "Unauthorized to change ownership transfer status to '{e.status}'",
    OwnershipStatusRefused: "Invalid Ownership transfer status: {e.status}",
    OwnedAlready: 'Record owner group with id {e.group} already owns the record, new request is not needed"',
    OwnershipNotPending: "Unable to cancel the Ownership transfer. Current status: {e.status}",
    OwnershipCancelForbidden: "Unauthorised to Cancel the ownership transfer",
}
"""The text of each error, with its values as `e`."""
