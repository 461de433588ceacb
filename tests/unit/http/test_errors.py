import json

import pytest
from zonewright import errors
from zonewright.errors import RequestError
from zonewright.http.designate import dialect
from zonewright.http.endpoint import lookup
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


@pytest.mark.parametrize(
    ("error", "designate_status", "vinyldns_status"),
    [
        (errors.NotAuthenticated("x"), 401, 401),
        (errors.AccountLocked("x"), 401, 403),
        (errors.NotAuthorized("x"), 403, 403),
        (errors.ZoneNotFound("x"), 404, 404),
        (errors.RecentlySynced("x"), 400, 400),
        (errors.SyncInProgress("x"), 400, 400),
        (errors.NoPrimary("x"), 400, 400),
        (errors.ZoneInactive("x"), 400, 400),
        (errors.UpdatePending("x"), 409, 409),
        (errors.ZoneSyncing("x"), 409, 409),
        (errors.ZoneExists("x"), 409, 409),
        (errors.TooLarge("x"), 413, 413),
        (errors.NotAcceptable("x"), 406, 415),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else "",
)
def test_the_nearest_ancestor_gives_the_status(error, designate_status, vinyldns_status):
    assert lookup(dialect.ERRORS, error)[0] == designate_status
    assert lookup(vinyldns.ERRORS, error)[0] == vinyldns_status


@pytest.mark.parametrize(
    ("error", "type_"),
    [
        (errors.Invalid("x"), "invalid_object"),
        (errors.MalformedBody("x"), "invalid_object"),
        (errors.EmptyBody("x"), "empty_request_body"),
        (errors.InvalidJson("x"), "invalid_json"),
        (errors.MalformedQuery("x"), "bad_request"),
        (errors.MalformedHeader("x"), "bad_request"),
        (errors.MalformedZoneFile("x"), "bad_request"),
        (errors.InvalidLimit("x"), "invalid_limit"),
        (errors.InvalidMarker("x"), "invalid_marker"),
        (errors.MarkerNotFound("x"), "marker_not_found"),
        (errors.InvalidSortKey("x"), "invalid_sort_key"),
        (errors.InvalidSortDirection("x"), "invalid_sort_dir"),
        (errors.InvalidId("x"), "invalid_uuid"),
        (errors.GroupUnknown("x"), "missing_project_id"),
        (errors.InvalidTarget("x"), "invalid_project"),
        (errors.InvalidZoneName("x"), "invalid_zone_name"),
        (errors.InvalidTtl("x"), "invalid_ttl"),
        (errors.ZoneHasSubZone("x"), "zone_has_sub_zone"),
        (errors.NotRestorable("x"), "bad_request"),
        (errors.RecordSetMisplaced("x"), "invalid_recordset_location"),
        (errors.RecordSetManaged("x"), "bad_request"),
        (errors.TooManyRecords("x"), "bad_request"),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else "",
)
def test_designate_names_what_is_wrong_with_a_request(error, type_):
    response = dialect.refusal(Request("r", "GET", "/"), error)

    assert json.loads(response.body) == {"code": 400, "type": type_, "message": "x", "request_id": "req-r"}


def test_a_quoted_message_is_a_json_string():
    response = vinyldns.refusal(Request("r", "GET", "/"), errors.ZoneNotFound('no "zone"\n'))

    assert response.body == '"no \\"zone\\"\\n"'
    assert response.headers["content-type"] == "application/json"
