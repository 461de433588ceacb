import pytest
from zonewright import errors
from zonewright.errors import RequestError
from zonewright.http import designate, vinyldns
from zonewright.http.endpoint import lookup
from zonewright.http.message import Request


def request_errors(kind=RequestError):
    yield kind
    for child in kind.__subclasses__():
        yield from request_errors(child)


@pytest.mark.parametrize("table", [designate.ERRORS, vinyldns.ERRORS], ids=["designate", "vinyldns"])
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
    assert lookup(designate.ERRORS, error)[0] == designate_status
    assert lookup(vinyldns.ERRORS, error)[0] == vinyldns_status


def test_a_quoted_message_is_a_json_string():
    response = vinyldns.refusal(Request("r", "GET", "/"), errors.ZoneNotFound('no "zone"\n'))

    assert response.body == '"no \\"zone\\"\\n"'
    assert response.headers["content-type"] == "application/json"
