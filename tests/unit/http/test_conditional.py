import pytest
from zonewright.errors import MalformedHeader, PreconditionFailed
from zonewright.http import conditional
from zonewright.http.message import Request, Response

TAG = conditional.tag("5")


def get(**headers):
    request = Request(
        "r", "GET", "/v2/zones/z", headers={name.replace("_", "-"): text for name, text in headers.items()}
    )
    return conditional.answer(request, TAG, lambda: Response(200, "zone", {"content-type": "application/json"}))


def change(**headers):
    request = Request(
        "r", "PATCH", "/v2/zones/z", headers={name.replace("_", "-"): each for name, each in headers.items()}
    )
    return conditional.expected(request, TAG)


def test_a_tag_is_strong_and_names_its_representation():
    assert TAG == '"5-json"'
    assert conditional.tag("5", "dns") != TAG
    assert conditional.tag("5", shown="zone") == '"5.543e33c48b3c23d3-json"'


def test_an_answer_has_its_tag():
    assert get() == Response(
        200, "zone", {"content-type": "application/json", "etag": TAG, "cache-control": "private, no-cache"}
    )


@pytest.mark.parametrize(
    "known",
    ['"5-json"', 'W/"5-json"', '"4-json", "5-json"', '"4-json","5-json"', '"a,b" , W/"5-json"', ', "5-json",', " * "],
)
def test_what_is_known_already_is_not_made(known):
    request = Request("r", "GET", "/v2/zones/z", headers={"if-none-match": known})

    answer = conditional.answer(request, TAG, lambda: pytest.fail("it was made"))

    assert answer == Response(304, "", {"etag": TAG, "cache-control": "private, no-cache"})


@pytest.mark.parametrize("known", ['"4-json"', '"5-dns"', '"5-json-"', 'W/"4-json", "6-json"', '""', '"*"'])
def test_what_is_not_known_is_shown(known):
    assert get(if_none_match=known).status == 200


@pytest.mark.parametrize("header", ["if_match", "if_none_match"])
@pytest.mark.parametrize(
    "text",
    ["", " ", "5-json", '"5-json', '5-json"', "'5-json'", 'w/"5-json"', '"5-json" "6-json"', '*, "5-json"', "W/*"],
)
def test_what_is_no_list_of_tags_is_refused(header, text):
    with pytest.raises(MalformedHeader, match="entity tags"):
        get(**{header: text})
    with pytest.raises(MalformedHeader, match="entity tags"):
        change(**{header: text})


@pytest.mark.parametrize("wanted", ['"5-json"', '"4-json", "5-json"', "*"])
def test_a_change_of_what_is_there_may_be(wanted):
    assert change(if_match=wanted) is (wanted != "*")
    assert get(if_match=wanted).status == 200


@pytest.mark.parametrize("wanted", ['"4-json"', 'W/"5-json"', '"5-dns"', '"4-json", W/"5-json"'])
def test_a_change_of_what_is_no_longer_there_is_refused(wanted):
    with pytest.raises(PreconditionFailed, match='is "5-json" now'):
        change(if_match=wanted)
    with pytest.raises(PreconditionFailed):
        get(if_match=wanted)


@pytest.mark.parametrize("known", ['"5-json"', 'W/"5-json"', "*"])
def test_a_change_of_what_the_caller_does_not_want_to_find_is_refused(known):
    with pytest.raises(PreconditionFailed, match="If-None-Match"):
        change(if_none_match=known)


def test_a_change_without_conditions_is_of_whatever_is_there():
    assert change() is False


def test_a_change_of_anything_but_one_state_is_of_what_was_looked_at():
    assert change(if_none_match='"4-json"') is True


def test_if_match_is_looked_at_first():
    with pytest.raises(PreconditionFailed, match="If-Match"):
        get(if_match='"4-json"', if_none_match=TAG)


def test_a_list_of_many_tags_is_read_at_once():
    many = ", ".join(f'"{n}-json"' for n in range(6, 2000))

    assert get(if_none_match=many).status == 200
    assert get(if_none_match=many + ',"5-json"').status == 304


SHOWN = conditional.tag("5", shown="zone")


@pytest.mark.parametrize("wanted", [SHOWN, TAG, conditional.tag("5", shown="as it was")])
def test_a_change_needs_the_state_and_a_read_the_whole_tag(wanted):
    request = Request("r", "PATCH", "/v2/zones/z", headers={"if-match": wanted})

    assert conditional.expected(request, SHOWN) is True
    if wanted == SHOWN:
        conditional.answer(request, SHOWN, lambda: Response(200))
    else:
        with pytest.raises(PreconditionFailed):
            conditional.answer(request, SHOWN, lambda: Response(200))


@pytest.mark.parametrize("wanted", ["6", "5-x", "5.543e33c48b3c23d"])
def test_a_change_of_another_state_is_refused(wanted):
    for tag in (conditional.tag(wanted), conditional.tag(wanted, shown="zone"), "W/" + SHOWN):
        request = Request("r", "PATCH", "/v2/zones/z", headers={"if-match": tag})
        with pytest.raises(PreconditionFailed):
            conditional.expected(request, SHOWN)
