"""The texts of errors below /v2 begin in Designate's words."""

from datetime import UTC, datetime

import pytest
from support.refusing import of
from zonewright import errors
from zonewright.errors import RequestError
from zonewright.http.designate import refusals, words
from zonewright.http.endpoint import lookup
from zonewright.http.vinyldns import dialect as vinyldns

NOON = datetime(2026, 1, 15, 12, tzinfo=UTC)


def kinds(parent=RequestError):
    yield parent
    for child in parent.__subclasses__():
        yield from kinds(child)


EVERY = [kind for kind in kinds() if kind is not RequestError]


@pytest.mark.parametrize("kind", EVERY, ids=lambda kind: kind.__name__)
def test_every_error_of_a_caller_has_a_text_in_both_dialects(kind):
    ended = {"ended": NOON} if kind is errors.RecentlySynced else {}

    assert words.text(of(kind, **ended))
    assert vinyldns.text(of(kind, **ended))


@pytest.mark.parametrize("kind", EVERY, ids=lambda kind: kind.__name__)
def test_our_reason_stands_behind_designates_words(kind):
    begins = lookup(words.WORDS, of(kind)).format(e=of(kind))

    said = words.text(of(kind, why="our reason"))

    assert said.startswith(begins)
    assert said.endswith("our reason")


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (errors.NotAuthenticated(), "The request you have made requires authentication."),
        (errors.GroupUnknown(), "A project ID must be specified when not using a project scoped token."),
        (errors.PathNotFound(path="/v2/ptrs"), "resource not found: /v2/ptrs"),
        (errors.ZoneNotFound(zone="a"), "Could not find Zone: a"),
        (errors.ZoneGone(zone="a.org."), "Could not find Zone: a.org."),
        (errors.RecordSetNotFound("gone", record_set="a"), "Could not find RecordSet: a: gone"),
        (errors.ImportNotFound(task="a"), "Could not find ZoneImport: a"),
        (errors.ExportNotFound(task="a"), "Could not find ZoneExport: a"),
        (errors.PoolNotFound(pool="a"), "Could not find Pool: a"),
        (errors.ShareNotFound(share="a", zone="z."), "Could not find SharedZone: a"),
        (errors.OfferNotFound(offer="a"), "Could not find ZoneTransferRequest: a"),
        (errors.AcceptanceNotFound(acceptance="a"), "Could not find ZoneTransferAccept: a"),
        (errors.TsigKeyNotFound(key="a"), "Could not find TsigKey: a"),
        (errors.InvalidTarget(group="g"), "g is not a valid project ID."),
        (errors.GroupNotFound(group="g"), "g is not a valid project ID."),
        (errors.NoResource(kind="pool", resource="a"), "Resource ID a is not a valid pool"),
        (errors.ZoneExists(zone="a.org."), "Duplicate Zone: a.org."),
        (errors.TsigKeyExists(key="k."), "Duplicate TsigKey: k."),
        (errors.InvalidId(name="zone_id", value="x"), "Invalid UUID zone_id: x"),
        (errors.MarkerNotFound(marker="m"), "Marker m could not be found"),
        (errors.InvalidSortKey(key="x", keys=["id", "name"]), "sort key must be one of ['id', 'name'], not x"),
        (errors.InvalidTtl(ttl=1, minimum=300), "TTL is below the minimum: 300, and this one is 1"),
        (errors.NameTooShort(name="org."), "More than one label is required in org."),
        (errors.NameOfTld(name="org."), "Zone name cannot be the same as a TLD: org."),
        (errors.TldUnknown(name="a.x.", tlds=["org"]), "Invalid TLD: a.x. ends in none of ['org']"),
        (errors.NameBlacklisted(name="evil.org."), "Blacklisted zone name: evil.org."),
        (errors.IllegalChild(zone="a.b.org."), "Unable to create subzone in another tenants zone: a.b.org."),
        (errors.WrongOfferKey(), "Key does not match stored key for request"),
        (errors.OfferEnded(), "Zone Transfer Request has been used"),
        (errors.OverQuota(quota="zones"), "Quota exceeded for zones."),
        (errors.OverQuota("they are 11", quota="masters"), "Quota exceeded for masters. they are 11"),
        (errors.NotSecondary(), "Can't XFR a non Secondary zone."),
        (
            errors.SoaUpdated(verb="updated", which="SOA"),
            "Updating SOA recordsets is not allowed: the SOA of a zone is ours",
        ),
        (errors.NoSoa(), "An SOA record is required"),
        (refusals.BodyTooLarge("It has 9", most=8), "Request is too large. Larger than 8. It has 9"),
        (errors.ZoneSyncing("zone a. is read-only"), "zone a. is read-only"),
        (errors.TooManyRequests("too much", after=2), "too much"),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else "",
)
def test_the_words_are_designates(error, said):
    assert words.text(error) == said


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (errors.ZoneExists(zone="a.org."), "Duplicate zone. Zone a.org. exists"),
        (errors.OverQuota(quota="zones"), "Quota exceeded during zone import. Quota exceeded for zones."),
        (errors.NoSoa(), "An SOA record is required."),
        (errors.MalformedZoneFile("line 1: no type"), "Malformed zonefile. line 1: no type"),
        (errors.InvalidTtl(ttl=1, minimum=300), "TTL is below the minimum: 300, and this one is 1"),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else "",
)
def test_a_failed_import_has_words_of_its_own(error, said):
    assert words.of_import(error) == said


def test_the_core_itself_says_only_values():
    assert errors.ZoneNotFound(zone="a.org.").message == "zone not found: zone a.org."
    assert errors.OverQuota("they are 11", quota="masters").message == "over quota: quota masters: they are 11"
    assert errors.ZoneSyncing("zone a. is read-only").message == "zone a. is read-only"
