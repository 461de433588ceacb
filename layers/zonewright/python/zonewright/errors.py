"""The errors with a meaning, by whose fault they are. Dialects give status and text, Step Functions catches by name.

ZonewrightError
├── RequestError            the caller's fault; nothing was changed
│   ├── NotAuthenticated    credentials missing or wrong
│   │   └── AccountLocked, LoginRefused, MethodNotOffered, ScopeRefused
│   ├── NotAuthorized       a known caller without the right
│   │   ├── NotZoneAdmin, NotEntitled, NotSystemAdmin, BatchForbidden, IllegalChild, IllegalParent, WrongOfferKey
│   │   └── SharingForbidden, SchedulingForbidden, RecordSetForbidden, OwnershipForbidden, OnlyReads, NoScope
│   ├── NotFound            does not exist, or is not for this caller to see
│   │   ├── PathNotFound, ZoneNotFound (ZoneNameNotFound, ZoneGone), RecordSetNotFound, VersionNotFound, ChangeNotFound
│   │   ├── RecordChangeNotFound
│   │   ├── TaskNotFound (ImportNotFound, ExportNotFound), DryRunNotFound, PoolNotFound (NoValidPool), ShareNotFound
│   │   ├── TldNotFound, BlacklistNotFound, BatchNotFound
│   │   ├── OfferNotFound, AcceptanceNotFound, TsigKeyNotFound, GroupNotFound, BackendNotFound
│   │   └── UserNotFound (UserIdNotFound), UsersNotFound, NotMember, TokenNotFound, CredentialNotFound
│   ├── Invalid             the request itself is wrong; carries every reason
│   │   ├── MalformedBody
│   │   │   └── EmptyBody, InvalidJson
│   │   ├── PlaceMissing
│   │   ├── FieldsRefused, InvalidLimit (LimitOutside), InvalidMarker (NegativeMarker), MarkerNotFound, InvalidSortKey
│   │   ├── InvalidSortDirection, MalformedQuery (MissingParameter), MalformedHeader
│   │   ├── MalformedZoneFile (NoOrigin, NoSoa), InvalidId (InvalidProjectId)
│   │   ├── GroupUnknown, InvalidTarget, SharedWithOwner, NoResource, InvalidTtl, ZoneHasSubZone, NotRestorable
│   │   ├── InvalidZoneName (NameTooShort, TldUnknown, NameOfTld, NameBlacklisted, NameUnchecked)
│   │   ├── RecordSetMisplaced (OutsideZone, InChildZone, CnameAtApex, CnameBeside)
│   │   ├── InvalidAclRule, AclTooLarge
│   │   ├── InvalidConnection, InvalidBackend, NotCopied, AdminGroupUnknown, InvalidRecurrence, ZoneRenamed
│   │   ├── ZoneUnfound, ZoneUnconnected, ZoneUnfit, MastersConnected
│   │   ├── RecordSetManaged (SoaCreated, SoaUpdated, SoaDeleted), TooManyRecords
│   │   ├── EmailRefused (EmailMalformed, EmailDomainRefused, TooManyEmailDots)
│   │   └── GroupUnnamed, GroupWithoutMembers, GroupChangeUnknown, BatchRefused, BatchNotPending
│   ├── Exists              the thing to create exists already
│   │   ├── ZoneExists, ZoneNameTaken, RecordSetExists, ShareExists, OfferExists, TsigKeyExists
│   │   └── TldExists, BlacklistExists, UserExists, GroupExists, GroupNameTaken, OwnerNameTaken, CredentialExists
│   ├── SyncRefused         the zone cannot be synced now
│   │   └── SyncInProgress, DryRunInProgress, RecentlySynced, ZoneInactive, NoPrimary (NotSecondary)
│   ├── ZoneBusy            another writer holds the zone
│   │   └── ZoneSyncing, UpdatePending, ZoneChanged, RecordSetChanged (RecordSetsDiffer)
│   ├── RecordSetRefused    VinylDNS's rules forbid the record set
│   │   ├── HighValueName, PtrInForwardZone, TypeInReverseZone, OwnerNameTooLong, OwnerNameMalformed
│   │   ├── OwnerGroupUnknown, NotInOwnerGroup, CnameForApex, CnameToAddress, EmptyLabels, NsForApex
│   │   ├── NameServersUnapproved, DsForApex, DsWithoutNs, NoAddressOfPtr, PtrZoneOctets, SoaKept
│   │   ├── DottedHostRefused, DottedHostTaken, DottedHostForbidden, TooManyHostDots, DotAtEnd
│   │   ├── ZoneOfPathDiffers, NameFixed, TypeFixed
│   │   └── OwnershipRefused
│   │       ├── OwnershipRequestsOnly, OwnershipCancelled, OwnershipUnshared, OwnershipUnasked
│   │       └── OwnershipStatusRefused, OwnedAlready, OwnershipNotPending, OwnershipCancelForbidden
│   ├── Unsupported         the media type of the body
│   │   └── NotAcceptable   the media type of the response
│   ├── MethodNotAllowed, PreconditionFailed, IdempotencyKeyReused, IdempotencyKeyInUse
│   ├── ZoneShared (SharedNotOffered), OfferEnded (OwnOffer), TsigKeyChanged, PoolChanged, PoolInUse
│   ├── GroupChanged, GroupInUse (GroupOwnsZone), BackendChanged, BackendInUse, SettingsChanged
│   ├── SearchTooWide
│   └── TooLarge, OverQuota, TooManyRequests (TooManyGuesses), MovesRefused
├── TransferError           the primary's fault; the zone keeps its contents
│   ├── PrimaryForbidden, PrimaryUnreachable, PrimaryUntrusted, TransferRefused, TransferTimedOut, TransferCut
│   ├── TransferMalformed, TransferMixed, IncrementUnfit, WrongZone, SignatureFailed
│   └── ZoneIncomplete, ZoneTooLarge, TooMuchMoved, SerialOlder
├── DeliveryError           a target that zones are written to did not take an update
│   ├── DeliveryDelayed     passes by itself
│   │   └── ServerUnreachable, ServerSilent, ServerFailed, ClocksApart, RequestsThrottled, HostedZoneBusy, VersionGone
│   ├── DeliveryRefused     stays until somebody changes something
│   │   ├── ServerForbidden, ServerUntrusted, UpdateForbidden, ZoneNotServed, UpdatesUnsupported, UpdateMisread
│   │   ├── KeyRefused, KeyMissing, BackendMissing, UpdateTooLarge, SerialTooNear, DelegationDiffers
│   │   ├── TransferForbidden, TargetForeign, UpdateIgnored
│   │   └── AccessDenied, HostedZoneNotFound, HostedZoneUnfit, RequestRefused, RecordSetsRefused
│   └── TargetDiverged      somebody else wrote there
└── SyncLost                the sync no longer holds the zone
TaskFault                   our fault: a workflow task failed for another reason
"""

# ruff: noqa: F403 - each module has the errors of a subject, and callers need not know which

from zonewright.faults.access import *
from zonewright.faults.batches import *
from zonewright.faults.callers import *
from zonewright.faults.conflicts import *
from zonewright.faults.connections import *
from zonewright.faults.delivery import *
from zonewright.faults.emails import *
from zonewright.faults.groups import *
from zonewright.faults.identity import *
from zonewright.faults.invalid import *
from zonewright.faults.meaning import *
from zonewright.faults.missing import *
from zonewright.faults.recordsets import *
from zonewright.faults.service import *
from zonewright.faults.transfer import *
