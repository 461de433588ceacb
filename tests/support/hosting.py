"""Route 53 in this process: MiniStack's, whose batches are atomic, behind a client of botocore; and versions for it.

It has AWS's limits and refusals besides, since MiniStack checks neither.
"""

import importlib
import io
from types import SimpleNamespace
from urllib.parse import parse_qs, urlsplit

import botocore.session
from botocore.awsrequest import AWSResponse
from botocore.config import Config
from botocore.exceptions import EndpointConnectionError, ReadTimeoutError
from hypothesis import strategies as st
from zonewright.model.pool import Route53
from zonewright.protocol.types import (
    AAAA,
    CAA,
    CNAME,
    DS,
    HTTPS,
    MX,
    NAPTR,
    NS,
    PTR,
    SOA,
    SPF,
    SRV,
    SSHFP,
    SVCB,
    TLSA,
    TXT,
    A,
)
from zonewright.servers import hostedzones

from support.updating import ZONE, line, shown, ttls

ZONE_ID = "6c1f0b52-8f3e-4d2a-9b7d-0e5a4c3f2d18"
KEYS = {"aws_access_key_id": "test", "aws_secret_access_key": "test", "region_name": "us-east-1"}
ERROR = (
    '<ErrorResponse xmlns="https://route53.amazonaws.com/doc/2013-04-01/"><Error><Type>Sender</Type><Code>{}</Code>'
    "<Message>{}</Message></Error><RequestId>r</RequestId></ErrorResponse>"
)
TEXTS = {
    A: ["192.0.2.1", "192.0.2.2", "192.0.2.3"],
    AAAA: ["2001:db8::1", "::", "::ffff:192.0.2.1"],
    CAA: ['0 issue "ca.example.net; account=1"', '0 issuewild ";"', '128 tbs "a \\"b\\" \\\\ \\000\\255"'],
    DS: ["1 8 2 " + "ab" * 32, "1 13 1 " + "cd" * 20],
    HTTPS: ["1 . alpn=h2,h3 port=443", "0 a.example.org.", "2 Svc.example.net. ipv4hint=192.0.2.1"],
    MX: ["10 mail.example.org.", "10 MAIL.example.net.", "0 ."],
    NAPTR: ['10 100 "S" "SIP+D2U" "!^.*$!sip:a@example.org!" .', '1 2 "u" "" "" A\\.b.example.org.'],
    NS: ["ns1.example.net.", "NS2.example.net."],
    PTR: ["a.example.org.", "0/25.a\\@b\\$c.example.org.", "\\*.\\000\\255\\009.example.org."],
    SPF: ['"v=spf1 -all"'],
    SRV: ["0 0 53 a.Example.ORG.", "1 2 3 ."],
    SSHFP: ["1 1 " + "ab" * 20, "4 2 " + "ef" * 32],
    SVCB: ["1 svc.example.net. alpn=h3", "3 . key65333=\\001\\255x"],
    TLSA: ["3 1 1 " + "12" * 32],
    TXT: ['"a b" "c"', '""', '"\\"quoted\\" \\\\ ; \\000\\009\\127\\200\\255 \\\\052"', f'"{"t" * 255}" "{"u" * 255}"'],
}
"""Texts of records of every type that Route 53 has, without the SOA."""

_OWNERS = (
    "",
    "*",
    "a",
    "a b",
    "mail",
    "sub deep er",
    "under_score",
    "!00~ff.",
    "www",
    "x/y@z",
    "two words".replace(" ", "!20"),
)

emulator = importlib.import_module("ministack.services.route53")


class Hosting:
    """Route 53, and what befalls its clients.

    `batches` are the changes that were asked for, `requests` the names of all operations. `refuse` returns why it does
    not take a change, or nothing. The answers to the next `lost` changes get lost. `away` means that nothing connects.
    """

    def __init__(self, attempts=1):
        config = Config(retries={"mode": "standard", "total_max_attempts": attempts})
        self.client = botocore.session.get_session().create_client("route53", config=config, **KEYS)
        self.client.meta.events.register("provide-client-params.route53", self._asked)
        self.client.meta.events.register("before-send.route53", self._answer)
        self.reset()

    def reset(self):
        """Begin without hosted zones. A client is kept, because making one takes longer than most tests."""
        emulator.reset()
        self.batches, self.requests, self.lost, self.away, self.refuse = [], [], 0, False, lambda _: ""

    def zone(self, options=Route53(create=True), zone_id=ZONE_ID):  # noqa: B008 - it is frozen
        """A hosted zone for the zone of the versions, made if there is none."""
        return hostedzones.find_or_make(self.client, ZONE, options, zone_id, region="eu-central-1")

    def _asked(self, params, model, **_):
        self.requests.append(model.name)
        if model.name == "ChangeResourceRecordSets":
            self.batches.append(params["ChangeBatch"]["Changes"])

    def _answer(self, request, event_name, **_):
        if self.away:
            raise EndpointConnectionError(endpoint_url=request.url)
        changing = event_name.endswith("ChangeResourceRecordSets")
        reasons = [reason for change in self.batches[-1] if (reason := self.refuse(change))] if changing else []
        if reasons:
            return _response(request, 400, ERROR.format("InvalidChangeBatch", f"[{', '.join(reasons)}]").encode())
        where = urlsplit(request.url)
        try:
            body = request.body if isinstance(request.body, bytes) else (request.body or "").encode()
            emulator.handle_request(request.method, where.path, {}, body, parse_qs(where.query)).send(None)
        except StopIteration as done:
            status, _, body = done.value
        if changing and self.lost:
            self.lost -= 1
            raise ReadTimeoutError(endpoint_url=request.url)
        return _response(request, status, body)


def _response(request, status, body):
    raw = io.BytesIO(body)
    return AWSResponse(request.url, status, {}, SimpleNamespace(stream=lambda: iter([raw.read()])))


@st.composite
def versions(draw):
    """The lines of a zone without its SOA, in canonical order, with all types that Route 53 has."""
    found = [line("", NS, draw(st.sets(st.sampled_from(TEXTS[NS]), min_size=1)), draw(ttls))]
    for key in draw(st.sets(st.sampled_from(_OWNERS))):
        if key and draw(st.integers(0, 4)) == 0:
            found.append(line(key, CNAME, [draw(st.sampled_from(TEXTS[PTR]))], draw(ttls)))
            continue
        kinds = draw(st.sets(st.sampled_from(sorted(set(TEXTS) - (set() if key else {NS, DS}))), max_size=5))
        spelling = draw(st.sampled_from([None, key.upper()])) if key.isalpha() else None
        for rdtype in kinds:
            texts = draw(st.sets(st.sampled_from(TEXTS[rdtype]), min_size=1))
            found.append(line(key, rdtype, sorted(texts), draw(ttls), spelling))
    return sorted(found)


def hosted(lines):
    """What a hosted zone has for lines, whose TTL is that of the zone if they have none."""
    return {place: found for place, found in shown(lines).items() if place not in ((ZONE, NS), (ZONE, SOA))}
