"""Bodies of record sets: every check and its text, all errors at once (contract `vinyldns-writes.md`, 1 and 2)."""

import pytest
from zonewright.errors import FieldsRefused
from zonewright.http.vinyldns.bodies import shown
from zonewright.http.vinyldns.recordsets import body
from zonewright.http.vinyldns.recordsets.data import RULES, TYPES
from zonewright.model.ownership import Transfer
from zonewright.protocol import fields, rrset
from zonewright.protocol.notes import Notes

SENT = {"zoneId": "z", "name": "www", "type": "A", "ttl": 300, "records": [{"address": "192.0.2.1"}]}
LONG = "a" * 252 + ".com"
RECORDS = {
    "A": {"address": "192.0.2.1"},
    "AAAA": {"address": "2001:DB8::1"},
    "CNAME": {"cname": "Www.example.org."},
    "DS": {"keytag": 60485, "algorithm": 5, "digesttype": 1, "digest": "2BB183AF5F22588179A53B0A98631FAD1A292118"},
    "PTR": {"ptrdname": "host.example.org."},
    "MX": {"preference": 10, "exchange": "mail.example.org."},
    "NS": {"nsdname": "ns1.example.org."},
    "SOA": {
        "mname": "ns1.example.org.",
        "rname": "admin.example.org",
        "serial": 4294967295,
        "refresh": 1,
        "retry": 2,
        "expire": 3,
        "minimum": 4,
    },
    "SRV": {"priority": 1, "weight": 2, "port": 65535, "target": "sip.example.org."},
    "NAPTR": {
        "order": 10,
        "preference": 100,
        "flags": "S",
        "service": "SIP+D2T",
        "regexp": "",
        "replacement": "_sip._udp.example.org.",
    },
    "TXT": {"text": 'a "quoted" text; é'},
    "SSHFP": {"algorithm": 1, "type": 1, "fingerprint": "123456789abcdef67890123456789ABCDEF67890"},
    "SPF": {"text": "v=spf1 " + "x" * 600},
}


def refused(**changed):
    """The errors of a body. A field of None is left out."""
    with pytest.raises(FieldsRefused) as refusal:
        body.read(SENT | changed)
    return [each.message for each in refusal.value.reasons]


def of(kind, **changed):
    record = {name: value for name, value in (RECORDS[kind] | changed).items() if value is not None}
    return {"type": kind, "records": [record]}


def test_every_type_has_a_rule_for_each_field_in_order():
    assert {kind: list(RULES[rdtype]) for kind, rdtype in TYPES.items()} == {
        kind: list(fields.FIELDS[rdtype]) for kind, rdtype in TYPES.items()
    }
    assert list(RECORDS) == list(TYPES)
    assert all(list(RECORDS[kind]) == list(RULES[rdtype]) for kind, rdtype in TYPES.items())


@pytest.mark.parametrize("kind", RECORDS)
def test_records_are_shown_as_they_were_sent_and_in_their_order(kind):
    others = {"A": {"address": "10.0.0.1"}, "TXT": {"text": "0"}, "AAAA": {"address": "::1"}}
    sent = [RECORDS[kind], *([others[kind]] if kind in others else [])]

    read = body.read(SENT | {"type": kind, "records": sent})
    rdatas, written = fields.written(read.records)
    line = rrset.to_line("www", read.type, 300, rdatas, notes_text=str(Notes(written=written)))
    found = fields.shown(rrset.from_line(line))

    assert found == sent
    assert [list(each) for each in found] == [list(each) for each in sent]


@pytest.mark.parametrize("kind", RECORDS)
def test_every_field_of_a_record_is_required(kind):
    assert refused(type=kind, records=[{}]) == [f"Missing {kind}.{name}" for name in RECORDS[kind]]
    for name in RECORDS[kind]:
        assert refused(**of(kind, **{name: None})) == [f"Missing {kind}.{name}"]


@pytest.mark.parametrize(
    ("kind", "changed", "text"),
    [
        ("A", {"address": "not.an.address"}, "A must be a valid IPv4 Address"),
        ("A", {"address": "256.0.0.1"}, "A must be a valid IPv4 Address"),
        ("AAAA", {"address": "192.0.2.1"}, "AAAA must be a valid IPv6 Address"),
        ("AAAA", {"address": "fe80::1%eth0"}, "AAAA must be a valid IPv6 Address"),
        ("CNAME", {"cname": LONG}, "CNAME domain name must not exceed 255 characters"),
        ("CNAME", {"cname": "host"}, "CNAME data must be absolute"),
        ("MX", {"preference": 65536}, "MX.preference must be a 16 bit integer"),
        ("MX", {"preference": -1}, "MX.preference must be a 16 bit integer"),
        ("MX", {"exchange": LONG}, "MX.exchange must be less than 255 characters"),
        ("NS", {"nsdname": LONG}, "NS must be less than 255 characters"),
        ("NS", {"nsdname": "host"}, "NS data must be a positive integer"),
        ("PTR", {"ptrdname": LONG}, "PTR must be less than 255 characters"),
        *(("SOA", {name: LONG}, f"SOA.{name} must be less than 255 characters") for name in ("mname", "rname")),
        *(
            ("SOA", {name: value}, f"SOA.{name} must be an unsigned 32 bit number")
            for name in ("serial", "refresh", "retry", "expire", "minimum")
            for value in (-1, 2**32)
        ),
        ("TXT", {"text": "x" * 64765}, "TXT record must be less than 64764 characters"),
        ("SPF", {"text": "x" * 64765}, "SPF record must be less than 64764 characters"),
        *(
            ("SRV", {name: value}, f"SRV.{name} must be an unsigned 16 bit number")
            for name in ("priority", "weight", "port")
            for value in (-1, 65536)
        ),
        ("SRV", {"target": LONG}, "SRV.target must be less than 255 characters"),
        ("NAPTR", {"order": 65536}, "NAPTR.order must be an unsigned 16 bit number"),
        ("NAPTR", {"preference": -1}, "NAPTR.preference must be an unsigned 16 bit number"),
        ("NAPTR", {"flags": "X"}, "Invalid NAPTR.flag. Valid NAPTR flag value must be U, S, A or P"),
        ("NAPTR", {"service": "x" * 256}, "NAPTR.service must be less than 255 characters"),
        (
            "NAPTR",
            {"regexp": "x"},
            "Invalid NAPTR.regexp. Valid NAPTR regexp value must start and end with '!' or can be empty",
        ),
        ("NAPTR", {"replacement": LONG}, "NAPTR.replacement must be less than 255 characters"),
        ("SSHFP", {"algorithm": 256}, "SSHFP.algorithm must be an unsigned 8 bit number"),
        ("SSHFP", {"type": -1}, "SSHFP.type must be an unsigned 8 bit number"),
        ("DS", {"keytag": 65536}, "DS.keytag must be an unsigned 16 bit number"),
        ("DS", {"algorithm": 0}, "Algorithm 0 is not a supported DNSSEC algorithm"),
        ("DS", {"digesttype": 5}, "Digest Type 5 is not a supported DS record digest type"),
        ("DS", {"digest": "abc"}, "Could not convert digest to valid hex"),
        ("DS", {"digest": "xx"}, "Could not convert digest to valid hex"),
        ("MX", {"preference": "x"}, "Do not know how to convert JString(x) into class java.lang.Integer"),
        ("A", {"address": True}, "Do not know how to convert JBool(true) into class java.lang.String"),
    ],
)
def test_a_field_of_a_record_is_checked(kind, changed, text):
    assert refused(**of(kind, **changed)) == [text]


@pytest.mark.parametrize(
    ("changed", "text"),
    [
        *(({name: None}, f"Missing RecordSet.{name}") for name in ("zoneId", "name", "type", "ttl")),
        ({"records": None}, "Missing A Records"),
        ({"records": []}, "Missing A Records"),
        ({"type": "TXT", "records": None}, "Missing TXT Records"),
        ({"type": "CAA"}, "Invalid RecordType"),
        ({"type": 1}, "Invalid RecordType"),
        (
            {"type": "UNKNOWN"},
            (
                "Unsupported type UNKNOWN, valid types include RecordType.ValueSet"
                "(A, AAAA, CNAME, DS, PTR, MX, NS, SOA, SRV, NAPTR, TXT, SSHFP, SPF, UNKNOWN)"
            ),
        ),
        ({"name": "a" * 256}, "Record name must not exceed 255 characters"),
        ({"name": "a b"}, "Record name cannot contain spaces"),
        ({"ttl": 2**31}, "RecordSet.ttl must be a positive signed 32 bit number"),
        ({"ttl": 29}, "RecordSet.ttl must be a positive signed 32 bit number greater than or equal to 30"),
        ({"ttl": "x"}, "Do not know how to convert JString(x) into long"),
        ({"ownerGroupId": False}, "Do not know how to convert JBool(false) into class java.lang.String"),
        (
            {"type": "CNAME", "records": [{"cname": "a.b."}, {"cname": "c.d."}]},
            "CNAME record sets cannot contain multiple records",
        ),
        ({"recordSetGroupChange": {}}, "Missing ownershipTransfer.ownershipTransferStatus"),
    ],
)
def test_a_field_of_a_record_set_is_checked(changed, text):
    assert refused(**changed) == [text]


def test_all_errors_are_told_at_once_and_the_list_of_records_stops_at_the_first_that_is_wrong():
    told = refused(
        zoneId=None,
        name="a b" + "c" * 255,
        type="MX",
        ttl=1,
        records=[{"preference": -1}, {"preference": "x", "exchange": "a."}],
    )

    assert told == [
        "Missing RecordSet.zoneId",
        "Record name must not exceed 255 characters",
        "Record name cannot contain spaces",
        "RecordSet.ttl must be a positive signed 32 bit number greater than or equal to 30",
        "MX.preference must be a 16 bit integer",
        "Missing MX.exchange",
    ]


def test_records_are_not_checked_without_a_type():
    assert refused(type=None, records=[{}]) == ["Missing RecordSet.type"]


def test_null_is_absent_and_unknown_fields_are_ignored():
    nulls = dict.fromkeys(("id", "account", "ownerGroupId", "recordSetGroupChange"))

    read = body.read(SENT | nulls | {"accessLevel": "Delete", "fqdn": 5, "status": "x"})

    assert (read.id, read.account, read.owner_group_id, read.transfer) == (None, "system", None, None)


def test_the_rest_of_the_body_is_read():
    asked = {"ownershipTransferStatus": "Requested", "requestedOwnerGroupId": "g"}

    read = body.read(SENT | {"id": "i", "account": "a", "ownerGroupId": "o", "recordSetGroupChange": asked})

    assert (read.id, read.account, read.owner_group_id) == ("i", "a", "o")
    assert read.transfer == Transfer("Requested", "g")


def test_white_space_in_hosts_is_removed_and_the_last_dot_added():
    read = body.read(SENT | of("MX", exchange=" mail. example.org "))

    assert read.records[0].values == {"preference": 10, "exchange": "mail.example.org."}


def test_records_that_differ_in_the_case_of_names_collapse():
    sent = {"type": "PTR", "records": [{"ptrdname": "A.example."}, {"ptrdname": "a.example."}]}

    rdatas, _ = fields.written(body.read(SENT | sent).records)

    assert rdatas == (b"\x01A\x07example\x00",)


def test_a_host_of_empty_labels_passes_the_body_and_has_no_rdata():
    read = body.read(SENT | of("CNAME", cname="a..example.org."))

    with pytest.raises(ValueError, match="not a name"):
        fields.written(read.records)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("x", "JString(x)"),
        (True, "JBool(true)"),
        (1, "JInt(1)"),
        (1.5, "JDouble(1.5)"),
        ([None, "a"], "JArray(List(JNull, JString(a)))"),
        ({"a": {}}, "JObject(List((a,JObject(List()))))"),
    ],
)
def test_a_value_in_the_words_of_the_library(value, text):
    assert shown(value) == text
