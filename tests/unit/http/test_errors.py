import json

import pytest
from support.refusing import of
from zonewright import errors
from zonewright.errors import RequestError
from zonewright.http.designate import dialect
from zonewright.http.endpoint import lookup
from zonewright.http.keystone import dialect as keystone
from zonewright.http.message import Request
from zonewright.http.vinyldns import dialect as vinyldns


def request_errors(kind=RequestError):
    yield kind
    for child in kind.__subclasses__():
        yield from request_errors(child)


@pytest.mark.parametrize("table", [dialect.ERRORS, vinyldns.ERRORS], ids=["designate", "vinyldns"])
def test_every_error_of_the_callers_has_a_status_of_400_to_499(table):
    for kind in request_errors():
        assert 400 <= lookup(table, kind.__new__(kind))[0] < 500


def test_every_error_of_the_callers_has_a_status_and_words_in_keystones_form():
    for kind in request_errors():
        assert 400 <= lookup(keystone.ERRORS, kind.__new__(kind)) < 500
        assert lookup(keystone.WORDS, kind.__new__(kind))


@pytest.mark.parametrize(
    ("error", "designate_status", "vinyldns_status"),
    [
        (errors.NotAuthenticated, 401, 401),
        (errors.AccountLocked, 401, 403),
        (errors.NotAuthorized, 403, 403),
        (errors.ZoneNotFound, 404, 404),
        (errors.RecentlySynced, 400, 400),
        (errors.SyncInProgress, 400, 400),
        (errors.NoPrimary, 400, 400),
        (errors.ZoneInactive, 400, 400),
        (errors.UpdatePending, 409, 409),
        (errors.ZoneSyncing, 409, 409),
        (errors.ZoneExists, 409, 409),
        (errors.TooLarge, 413, 413),
        (errors.NotAcceptable, 406, 415),
    ],
)
def test_the_nearest_ancestor_gives_the_status(error, designate_status, vinyldns_status):
    assert lookup(dialect.ERRORS, of(error))[0] == designate_status
    assert lookup(vinyldns.ERRORS, of(error))[0] == vinyldns_status


@pytest.mark.parametrize(
    ("error", "type_"),
    [
        (errors.Invalid, "invalid_object"),
        (errors.MalformedBody, "invalid_object"),
        (errors.EmptyBody, "empty_request_body"),
        (errors.InvalidJson, "invalid_json"),
        (errors.MalformedQuery, "bad_request"),
        (errors.MalformedHeader, "bad_request"),
        (errors.MalformedZoneFile, "bad_request"),
        (errors.InvalidLimit, "invalid_limit"),
        (errors.InvalidMarker, "invalid_marker"),
        (errors.MarkerNotFound, "marker_not_found"),
        (errors.InvalidSortKey, "invalid_sort_key"),
        (errors.InvalidSortDirection, "invalid_sort_dir"),
        (errors.InvalidId, "invalid_uuid"),
        (errors.GroupUnknown, "missing_project_id"),
        (errors.InvalidTarget, "invalid_project"),
        (errors.InvalidZoneName, "invalid_zone_name"),
        (errors.InvalidTtl, "invalid_ttl"),
        (errors.ZoneHasSubZone, "zone_has_sub_zone"),
        (errors.NotRestorable, "bad_request"),
        (errors.RecordSetMisplaced, "invalid_recordset_location"),
        (errors.RecordSetManaged, "bad_request"),
        (errors.TooManyRecords, "bad_request"),
    ],
)
def test_designate_names_what_is_wrong_with_a_request(error, type_):
    response = dialect.refusal(Request("r", "GET", "/"), of(error))

    body = json.loads(response.body)
    assert body.pop("message").endswith("x")
    assert body == {"code": 400, "type": type_, "request_id": "req-r"}


def test_a_quoted_message_is_a_json_string():
    response = vinyldns.refusal(Request("r", "GET", "/"), errors.ZoneNotFound(zone='"zone"\n'))

    assert response.body == '"Zone with id \\"zone\\"\\n does not exists"'
    assert response.headers["content-type"] == "application/json"
