import json

import pytest
from zonewright.errors import MalformedBody, Unsupported, WrongFields
from zonewright.http.message import Request
from zonewright.http.vinyldns import dialect
from zonewright.http.vinyldns.bodies import Fields, shown


def request(body, media="application/json"):
    return Request("r", "POST", "/groups", headers={"content-type": media}, body=body)


def refusal(error):
    answer = dialect.refusal(request(b""), error)
    return answer.status, answer.body, answer.headers["content-type"]


def test_all_that_is_wrong_is_told_at_once_and_once():
    fields = Fields.of(request(b'{"name": true, "email": null, "members": [{}, {"id": []}, 1], "admins": 7}'))

    fields.text("name", "Missing Group.name")
    fields.text("email", "Missing Group.email")
    for each in fields.objects("members", "Missing Group.members"):
        each.text("id", "Missing id")
    fields.objects("admins", "Missing Group.admins")

    with pytest.raises(WrongFields) as wrong:
        fields.done()
    status, body, media = refusal(wrong.value)
    assert (status, media) == (400, "application/json")
    assert json.loads(body) == {
        "errors": [
            "Do not know how to convert JBool(true) into class java.lang.String",
            "Missing Group.email",
            "Missing id",
            "Do not know how to convert JArray(List()) into class java.lang.String",
            "Expected collection but got JInt(7)",
        ]
    }


def test_null_is_absent_and_a_number_is_a_text():
    fields = Fields.of(request(b'{"description": null, "name": 7, "email": 1.5, "more": {}}'))

    assert fields.optional_text("description") is None
    assert (fields.text("name", "x"), fields.text("email", "x")) == ("7", "1.5")
    fields.done()


@pytest.mark.parametrize("body", [b"null", b"[]", b'"x"', b"7"])
def test_a_body_that_is_no_object_lacks_every_field(body):
    fields = Fields.of(request(body))

    fields.text("name", "Missing Group.name")

    with pytest.raises(WrongFields, match=r"Missing Group\.name"):
        fields.done()


@pytest.mark.parametrize(
    "body", [b"", b"{", b"\xff", b'{"a": NaN}', b'{"name": "\\ud800"}', b"[" * 100_000, b"1" * 5000]
)
def test_a_body_that_is_no_json_is_refused_in_plain_text(body):
    with pytest.raises(MalformedBody) as malformed:
        Fields.of(request(body))

    status, text, media = refusal(malformed.value)
    assert (status, media) == (400, "text/plain; charset=UTF-8")
    assert text.startswith("The request content was malformed:\n")


def test_another_media_type_is_refused():
    with pytest.raises(Unsupported) as unsupported:
        Fields.of(request(b"{}", "text/plain"))

    assert refusal(unsupported.value)[0] == 415


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "JNull"),
        (False, "JBool(false)"),
        ("a", "JString(a)"),
        (7, "JInt(7)"),
        (1.5, "JDouble(1.5)"),
        ([1, "a"], "JArray(List(JInt(1), JString(a)))"),
        ({"a": None}, "JObject(List((a,JNull)))"),
    ],
)
def test_a_value_is_shown_as_vinyldnss_library_shows_it(value, text):
    assert shown(value) == text
