"""What can be wrong with a change of a batch: a type and a text (contract `vinyldns-writes.md`, sections 12 and 13).

A soft problem lets a person decide: the batch may wait for a review. Any other one refuses the whole batch.
"""

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """The type of a problem, as VinylDNS names it."""

    TTL = "InvalidTTL"
    IPV4_ADDRESS = "InvalidIpv4Address"
    IPV6_ADDRESS = "InvalidIpv6Address"
    CNAME_TO_ADDRESS = "InvalidIPv4CName"
    CNAME = "InvalidCname"
    DOMAIN_NAME = "InvalidDomainName"
    LENGTH = "InvalidLength"
    NUMBER = "InvalidMX_NAPTR_SRVData"
    NAPTR_FLAG = "InvalidNaptrFlag"
    NAPTR_REGEXP = "InvalidNaptrRegexp"
    IP_ADDRESS = "InvalidIPAddress"
    REVERSE_ZONE = "RecordInReverseZoneError"
    HIGH_VALUE = "HighValueDomainError"
    REVIEW = "RecordRequiresManualReview"
    CNAME_AT_APEX = "CnameAtZoneApexError"
    NO_ZONE = "ZoneDiscoveryError"
    NOT_UNIQUE = "RecordNameNotUniqueInBatch"
    NAME_SERVER = "NotApprovedNSError"
    ADDED_AND_DELETED = "InvalidUpdateRequest"
    CNAME_CONFLICT = "CnameIsNotUniqueError"
    EXISTS = "RecordAlreadyExists"
    NO_OWNER_GROUP = "MissingOwnerGroupId"
    NOT_AUTHORIZED = "UserIsNotAuthorizedError"


SOFT = frozenset({Kind.REVIEW, Kind.NO_ZONE})
"""The problems that a review may overcome."""

_CNAME = "joined by dots, and terminated with a dot."

TEXTS: dict[Kind, str] = {
    Kind.TTL: 'Invalid TTL: "{ttl}", must be a number between 30 and 2147483647.',
    Kind.IPV4_ADDRESS: 'Invalid IPv4 address: "{value}".',
    Kind.IPV6_ADDRESS: 'Invalid IPv6 address: "{value}".',
    Kind.CNAME_TO_ADDRESS: 'Invalid Cname: "Fqdn({value})", Valid CNAME record data should not be an IP address',
    Kind.CNAME: f'Invalid Cname: "{{value}}", valid cnames must be letters, numbers, {{more}}, and hyphens, {_CNAME}',
    Kind.DOMAIN_NAME: 'Invalid domain name: "{value}", valid domain names must be letters, numbers, underscores, and '
    f"hyphens, {_CNAME}",
    Kind.LENGTH: 'Invalid length: "{value}", length needs to be between {least} and {most} characters.',
    Kind.NUMBER: 'Invalid {type} {field}: "{value}", must be a number between 0 and 65535.',
    Kind.NAPTR_FLAG: "Invalid NAPTR flag value: '{value}'. Valid NAPTR flag value must be U, S, A or P.",
    Kind.NAPTR_REGEXP: "Invalid NAPTR regexp value: '{value}'. Valid NAPTR regexp value must start and end with '!'.",
    Kind.IP_ADDRESS: 'Invalid IP address: "{value}".',
    Kind.REVERSE_ZONE: 'Invalid Record Type In Reverse Zone: record with name "{name}" and type "{type}" is not '
    "allowed in a reverse zone.",
    Kind.HIGH_VALUE: 'Record name "{name}" is configured as a High Value Domain, so it cannot be modified.',
    Kind.REVIEW: 'Record set with name "{name}" requires manual review.',
    Kind.CNAME_AT_APEX: 'CNAME cannot be the same name as zone "{zone}".',
    Kind.NO_ZONE: 'Zone Discovery Failed: zone for "{name}" does not exist in VinylDNS. If zone exists, then it must '
    "be connected to in VinylDNS.",
    Kind.NOT_UNIQUE: 'Record Name "{name}" Not Unique In Batch Change: cannot have multiple "{type}" records with the '
    "same name.",
    Kind.NAME_SERVER: "Name Server {server} is not an approved name server.",
    Kind.ADDED_AND_DELETED: 'Cannot perform request for the record "{name}". Add and Delete for the record with same '
    "record data exists in the batch.",
    Kind.CNAME_CONFLICT: 'CNAME Conflict: CNAME record names must be unique. Existing record with name "{name}" and '
    'type "{type}" conflicts with this record.',
    Kind.EXISTS: 'RecordName "{name}" already exists. If you intended to update this record, submit a DeleteRecordSet '
    "entry followed by an Add.",
    Kind.NO_OWNER_GROUP: 'Zone "{zone}" is a shared zone, so owner group ID must be specified for record "{name}".',
    Kind.NOT_AUTHORIZED: 'User "{user}" is not authorized. Contact {whose} owner group: {group} at {email} to make DNS '
    "changes.",
}
"""The text of each type of problem, with its values."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One problem of a change."""

    kind: Kind
    message: str

    @property
    def soft(self) -> bool:
        """Return whether a review may overcome the problem."""
        return self.kind in SOFT


def problem(kind: Kind, **values: object) -> Problem:
    """Return a problem with its text."""
    return Problem(kind, TEXTS[kind].format(**values))
