"""Credentials that nobody has, in forms that a caller can send without any: always the dialect's own 401."""

import pytest
from support.calls import NOBODYS, call, event

from functions.designate import get_zone
from functions.vinyldns import get_zone as shown

LONG = 2_100  # a key of the table has 2,048 octets at most


def signed(key="okAccessKey", date="20260115T123456Z", header="x-amz-date"):
    scope = "20260115/us-east-1/VinylDNS/aws4_request"
    authorization = f"AWS4-HMAC-SHA256 Credential={key}/{scope}, SignedHeaders=host;{header}, Signature={'0' * 64}"
    return {"authorization": authorization, "x-auth-token": None, "x-amz-date": None, header: date}


@pytest.mark.parametrize(
    "headers",
    [
        pytest.param(signed(key="k" * LONG), id="access key"),
        pytest.param(signed(key="é" * 129), id="access key of other letters"),
        pytest.param({"x-auth-token": "t" * 100_000, "authorization": None}, id="token"),
        pytest.param({"x-auth-token": "", "authorization": None}, id="no token"),
        pytest.param(signed(date="00000000T000000Z"), id="no date"),
        pytest.param(signed(date="99991231T235959Z"), id="last year"),
        pytest.param(signed(date="00010101T000000Z"), id="first year"),
        pytest.param(signed(date="Fri, 31 Dec 9999 23:59:59 -2359", header="date"), id="beyond the last year"),
        pytest.param(signed(date="Mon, 01 Jan 0001 00:00:00 +2359", header="date"), id="before the first year"),
        pytest.param(signed(date="Thu, 15 Jan 2026 12:34:56 +99999999999", header="date"), id="no offset"),
        pytest.param(signed(date="Thu, 15 Jan 99999999999 12:34:56 GMT", header="date"), id="no year"),
        pytest.param(signed(date="," * 50, header="date"), id="commas"),
        pytest.param(signed(date="", header="date"), id="empty date"),
    ],
)
@pytest.mark.parametrize("route", ["designate", "vinyldns"])
def test_wrong_credentials_are_a_401(service, headers, route):
    handler = get_zone.handler if route == "designate" else shown.handler

    answer = call(handler, event(f"{route}_get_zone", zone=NOBODYS, headers=headers), documented=False)

    assert answer.status == 401
    assert len(answer.body) < 2_000


def test_an_access_key_longer_than_any_is_not_looked_up(service, reads):
    call(shown.handler, event("vinyldns_get_zone", headers=signed(key="k" * 129)), documented=False)

    assert reads.gets == 0
