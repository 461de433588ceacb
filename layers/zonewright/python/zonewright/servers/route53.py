"""Requests to Amazon Route 53, and what its refusals mean. A hosted zone, and what it holds.

    ListResourceRecordSets  300 a page
    GetChange               PENDING, then INSYNC when all name servers of Route 53 have the change, after a minute or so

Contract backends.md, sections 5 and 7.
"""

import itertools
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import dns.name
from botocore.exceptions import BotoCoreError, ClientError, HTTPClientError, ParamValidationError
from botocore.exceptions import ConnectionError as NotConnected

from zonewright.errors import (
    AccessDenied,
    DeliveryError,
    HostedZoneBusy,
    HostedZoneNotFound,
    RequestRefused,
    RequestsThrottled,
    ServerFailed,
    ServerSilent,
    ServerUnreachable,
)
from zonewright.model import changebatch
from zonewright.model.changebatch import Held
from zonewright.protocol import names, route53, rrset

PAGE = 300
"""Record sets of a page, at most."""

_FEW = 5
"""Owner names that are asked for one by one. For more, all record sets are read: 34 pages of the largest zone."""

_MEANING: Mapping[str, type[DeliveryError]] = {
    **dict.fromkeys(("Throttling", "ThrottlingException", "RequestLimitExceeded"), RequestsThrottled),
    **dict.fromkeys(("TooManyRequestsException", "RequestThrottled", "SlowDown"), RequestsThrottled),
    "PriorRequestNotComplete": HostedZoneBusy,
    **dict.fromkeys(("AccessDenied", "AccessDeniedException", "UnrecognizedClientException"), AccessDenied),
    **dict.fromkeys(("InvalidClientTokenId", "SignatureDoesNotMatch", "ExpiredToken", "OptInRequired"), AccessDenied),
    "NoSuchHostedZone": HostedZoneNotFound,
}
"""What the code of an error means. Others are refusals, or failures with a status of 500 and above."""


@dataclass(frozen=True, slots=True)
class HostedZone:
    """A hosted zone, with the client that reaches it. `reference` is the CallerReference it was made with."""

    client: Any
    zone: dns.name.Name
    id: str
    private: bool
    reference: str
    name_servers: tuple[str, ...]
    """The delegation set: host names with a dot at the end. A private hosted zone has none."""


@dataclass(frozen=True, slots=True)
class Contents:
    """The record sets of a hosted zone beside its SOA and the NS of its apex.

    `lines` are in canonical order, each with its TTL. `kept` are those that this service never touches: why, by place.
    """

    lines: tuple[str, ...]
    kept: Mapping[str, str]


def asked(client: Any, operation: str, **arguments: Any) -> Mapping[str, Any]:
    """Return the response to a request. Raise a DeliveryError, whose cause is the error of botocore."""
    try:
        response: Mapping[str, Any] = getattr(client, operation)(**arguments)
    except ClientError as error:
        raise _meaning(error)(f"AWS answered {code_of(error)}: {reason_of(error)}") from error
    except ParamValidationError:
        raise
    except NotConnected as error:
        raise ServerUnreachable(f"no connection to Route 53: {error}") from error
    except HTTPClientError as error:
        raise ServerSilent(f"no answer from Route 53: {error}") from error
    except BotoCoreError as error:
        raise AccessDenied(f"no credentials for Route 53: {error}") from error
    return response


def code_of(error: ClientError) -> str:
    """Return the code of an error of AWS."""
    return str(error.response.get("Error", {}).get("Code", ""))


def reason_of(error: ClientError) -> str:
    """Return what AWS says of an error."""
    return str(error.response.get("Error", {}).get("Message", ""))


def contents(hosted: HostedZone) -> Contents:
    """Return what a hosted zone holds. Raise a DeliveryError."""
    found = _held(hosted, _pages(hosted, {}))
    lines = sorted(each.line for each in found.values() if each.line)
    return Contents(tuple(lines), {place: each.why for place, each in found.items() if each.why})


def held_at(hosted: HostedZone, places: Iterable[str]) -> dict[str, Held]:
    """Return the record sets of a hosted zone at these places, and perhaps others. Raise a DeliveryError."""
    keys = {rrset.key(place) for place in places}
    if len(keys) > _FEW:
        return _held(hosted, _pages(hosted, {}))
    owners = [names.owner_of(key, hosted.zone) for key in sorted(keys)]
    return _held(hosted, itertools.chain.from_iterable(_of_owner(hosted, owner) for owner in owners))


def insync(client: Any, change: str) -> bool:
    """Return whether all name servers of Route 53 have a change, which it accepted. Raise a DeliveryError.

    A change that it no longer knows is long done.
    """
    try:
        return bool(asked(client, "get_change", Id=change)["ChangeInfo"]["Status"] == "INSYNC")
    except RequestRefused as refusal:
        if isinstance(refusal.__cause__, ClientError) and code_of(refusal.__cause__) == "NoSuchChange":
            return True
        raise


def _of_owner(hosted: HostedZone, owner: dns.name.Name) -> Iterator[Mapping[str, Any]]:
    """Yield the record sets of an owner name. A list that begins with a name has them first."""
    listed = _pages(hosted, {"StartRecordName": route53.name_text(owner)})
    return itertools.takewhile(lambda found: route53.name_of(found["Name"]) == owner, listed)


def _pages(hosted: HostedZone, start: Mapping[str, str]) -> Iterator[Mapping[str, Any]]:
    """Yield the record sets of a hosted zone from `start` on."""
    more: Mapping[str, str] | None = start
    while more is not None:
        page = asked(hosted.client, "list_resource_record_sets", HostedZoneId=hosted.id, MaxItems=str(PAGE), **more)
        yield from page["ResourceRecordSets"]
        fields = [name for name in ("RecordName", "RecordType", "RecordIdentifier") if page.get(f"Next{name}")]
        more = {f"Start{name}": page[f"Next{name}"] for name in fields} if page["IsTruncated"] else None


def _held(hosted: HostedZone, listed: Iterable[Mapping[str, Any]]) -> dict[str, Held]:
    return dict(filter(None, (changebatch.held(found, hosted.zone) for found in listed)))


def _meaning(error: ClientError) -> type[DeliveryError]:
    status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
    return _MEANING.get(code_of(error), ServerFailed if status >= 500 else RequestRefused)
