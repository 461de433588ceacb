import json
from datetime import UTC, datetime

import pytest
from zonewright.errors import FieldsRefused, InvalidJson, Unsupported
from zonewright.http.message import Request
from zonewright.http.vinyldns.batches import body
from zonewright.model.batches.admission import NewBatch
from zonewright.model.batches.batch import Asked, ChangeType
from zonewright.protocol.fields import Record
from zonewright.protocol.types import CNAME, MX, PTR, A

ADD = {"changeType": "Add", "inputName": "a.ok.", "type": "A", "ttl": 300, "record": {"address": "192.0.2.1"}}
CHANGES = "BatchChangeInput.changes"


def request(sent):
    text = sent if isinstance(sent, bytes) else json.dumps(sent).encode()
    return Request("r1", "POST", "/zones/batchrecordchanges", headers={"content-type": "application/json"}, body=text)


def errors(sent):
    with pytest.raises(FieldsRefused) as caught:
        body.new_batch(request(sent))
    return [each.message for each in caught.value.reasons]


def without(name):
    return {key: value for key, value in ADD.items() if key != name}


def test_a_batch_is_read_with_names_as_they_were_sent_but_absolute():
    read = body.new_batch(
        request(
            {
                "comments": "why",
                "ownerGroupId": "g1",
                "scheduledTime": "2026-02-01T12:00:00Z",
                "colour": "red",
                "changes": [
                    ADD,
                    {**ADD, "inputName": "B.Ok", "type": "CNAME", "record": {"cname": "Target.ok"}, "ttl": None},
                    {**ADD, "inputName": "192.0.2.1", "type": "PTR", "record": {"ptrdname": "x.ok."}},
                    {"changeType": "DeleteRecordSet", "inputName": "c.ok.", "type": "MX", "record": None},
                    {
                        "changeType": "DeleteRecordSet",
                        "inputName": "c.ok.",
                        "type": "MX",
                        "record": {"preference": 1, "exchange": "m.ok."},
                    },
                ],
            }
        )
    )

    add, delete = ChangeType.ADD, ChangeType.DELETE
    assert read == NewBatch(
        (
            Asked(add, "a.ok.", "A", Record(A, {"address": "192.0.2.1"}), 300),
            Asked(add, "B.Ok.", "CNAME", Record(CNAME, {"cname": "Target.ok."}), None),
            Asked(add, "192.0.2.1", "PTR", Record(PTR, {"ptrdname": "x.ok."}), 300),
            Asked(delete, "c.ok.", "MX"),
            Asked(delete, "c.ok.", "MX", Record(MX, {"preference": 1, "exchange": "m.ok."})),
        ),
        "why",
        "g1",
        datetime(2026, 2, 1, 12, tzinfo=UTC),
    )


def test_a_batch_may_be_empty_here():
    assert body.new_batch(request({"changes": []})) == NewBatch(())


@pytest.mark.parametrize(
    ("sent", "expected"),
    [
        ({}, [f"Missing {CHANGES}"]),
        ([], [f"Missing {CHANGES}"]),
        ({"changes": None}, [f"Missing {CHANGES}"]),
        ({"changes": [without("changeType")]}, [f"Missing {CHANGES}.changeType"]),
        ({"changes": [{**ADD, "changeType": "Update"}]}, ["Invalid ChangeInputType"]),
        ({"changes": [without("inputName")]}, [f"Missing {CHANGES}.inputName"]),
        ({"changes": [without("type")]}, [f"Missing {CHANGES}.type"]),
        ({"changes": [{**ADD, "type": "B"}]}, ["Invalid RecordType"]),
        *(
            (
                {"changes": [{**ADD, "type": kind}]},
                [f"Unsupported type {kind}, valid types include: A, AAAA, CNAME, PTR, TXT, MX, NS, SRV and NAPTR"],
            )
            for kind in ("UNKNOWN", "SOA", "DS", "SSHFP", "SPF")
        ),
        *(
            ({"changes": [{**without("record"), "type": kind}]}, [f"Missing {CHANGES}.record.{key}"])
            for kind, key in {
                "A": "address",
                "AAAA": "address",
                "CNAME": "cname",
                "PTR": "ptrdname",
                "TXT": "text",
                "NS": "nsdname",
            }.items()
        ),
        (
            {"changes": [{**without("record"), "type": "MX"}]},
            [f"Missing {CHANGES}.record.preference and {CHANGES}.record.exchange"],
        ),
        (
            {"changes": [{**without("record"), "type": "SRV"}]},
            [" and ".join(f"Missing {CHANGES}.record.{key}" for key in ("priority", "weight", "port", "target"))],
        ),
        (
            {"changes": [{**without("record"), "type": "NAPTR"}]},
            [
                " and ".join(
                    f"Missing {CHANGES}.record.{key}"
                    for key in ("order", "preference", "flags", "service", "regexp", "replacement")
                )
            ],
        ),
        ({"changes": [{**ADD, "record": {}}]}, ["Missing A.address"]),
        ({"changes": [{**ADD, "record": {"address": "x"}}]}, ["A must be a valid IPv4 Address"]),
        (
            {"changes": [{**ADD, "changeType": "DeleteRecordSet", "record": {"address": "x"}}]},
            ["A must be a valid IPv4 Address"],
        ),
        (
            {"changes": [7]},
            [f"Missing {CHANGES}.changeType", f"Missing {CHANGES}.inputName", f"Missing {CHANGES}.type"],
        ),
        (
            {"changes": [without("inputName"), without("type"), without("type")]},
            [f"Missing {CHANGES}.inputName", f"Missing {CHANGES}.type"],
        ),
        (
            {"changes": [{**ADD, "ttl": "x"}], "scheduledTime": "tomorrow"},
            [
                "Do not know how to convert JString(x) into long",
                "Do not know how to convert JString(tomorrow) into class org.joda.time.DateTime",
            ],
        ),
    ],
)
def test_everything_that_is_wrong_is_told_in_vinyldns_words(sent, expected):
    assert errors(sent) == expected


def test_a_body_that_is_no_json_is_refused():
    with pytest.raises(InvalidJson):
        body.new_batch(request(b"{"))
    with pytest.raises(Unsupported):
        body.new_batch(Request("r1", "POST", "/", headers={"content-type": "text/plain"}, body=b"{}"))


@pytest.mark.parametrize(
    ("sent", "comment"),
    [(b"", None), (b"null", None), ({}, None), ({"reviewComment": None}, None), ({"reviewComment": "no"}, "no")],
)
def test_the_comment_of_a_review_may_be_missing(sent, comment):
    assert body.review_comment(request(sent)) == comment


def test_the_comment_of_a_review_is_bounded():
    assert body.review_comment(request({"reviewComment": "x" * 1024})) == "x" * 1024
    with pytest.raises(FieldsRefused) as caught:
        body.review_comment(request({"reviewComment": "x" * 1025}))

    assert [each.message for each in caught.value.reasons] == ["Comment length must not exceed 1024 characters."]
