"""Change batches are a function of two versions: exact, in order, and within the limits of Route 53."""

import pytest
from hypothesis import given, settings
from support.hosting import hosted, versions
from support.updating import TTL, ZONE, line, shown, soa_line
from zonewright.model import changebatch, diff
from zonewright.model.changebatch import CHARACTERS, LONGEST_VALUE, RECORDS, Held, State
from zonewright.model.diff import Move
from zonewright.protocol import rrset, types
from zonewright.protocol.types import CNAME, DNSKEY, LOC, MX, NS, SOA, TLSA, TXT, A

some = settings(max_examples=40)


def plan(old, new):
    return changebatch.plan(diff.exact_moves(old, new), ZONE, TTL)


def changes_of(planned):
    return [change for batch in planned.batches for part in batch.parts for change in part.changes]


def told(planned):
    """Action, name and type of each change."""
    return [(each["Action"], *map(each["ResourceRecordSet"].get, ("Name", "Type"))) for each in changes_of(planned)]


def values(change):
    return [each["Value"] for each in change["ResourceRecordSet"]["ResourceRecords"]]


def many(count, text="192.0.2.1", rdtype=A):
    return [line(f"host-{n:05}", rdtype, [text]) for n in range(count)]


# --- What is sent


def test_a_record_set_is_deleted_as_it_was_and_created_as_it_is():
    old, new = line("www", MX, ["10 Mail.example.org.", "20 b.example.org."], 60), line("www", MX, ["1 c.example.org."])

    (gone, come) = changes_of(plan([old], [new]))

    assert gone == {
        "Action": "DELETE",
        "ResourceRecordSet": {
            "Name": "www.example.org.",
            "Type": "MX",
            "TTL": 60,
            "ResourceRecords": [{"Value": "10 mail.example.org."}, {"Value": "20 b.example.org."}],
        },
    }
    assert come == {
        "Action": "CREATE",
        "ResourceRecordSet": {
            "Name": "www.example.org.",
            "Type": "MX",
            "TTL": TTL,
            "ResourceRecords": [{"Value": "1 c.example.org."}],
        },
    }


def test_what_a_cname_replaces_or_gives_way_to_is_one_part_deletions_first():
    data = [line("a", A, ["192.0.2.1"]), line("a", TXT, ['"x"'])]
    cname = [line("a", CNAME, ["b.example.org."])]

    there, back = plan(data, cname), plan(cname, data)

    assert [(action, kind) for action, _, kind in told(there)] == [
        ("DELETE", "A"),
        ("DELETE", "TXT"),
        ("CREATE", "CNAME"),
    ]
    assert [(action, kind) for action, _, kind in told(back)] == [
        ("DELETE", "CNAME"),
        ("CREATE", "A"),
        ("CREATE", "TXT"),
    ]
    assert [len(batch.parts) for batch in [*there.batches, *back.batches]] == [1, 1]


def test_owner_names_that_only_lose_something_come_last():
    planned = plan([line("a", A, ["192.0.2.1"])], [line("b", A, ["192.0.2.1"])])

    assert [action for action, *_ in told(planned)] == ["CREATE", "DELETE"]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ([line("", NS, ["a.example."])], [line("", NS, ["b.example."])]),
        ([soa_line(1)], [soa_line(2)]),
        ([], [line("", DNSKEY, ["257 3 13 AAAA"])]),
        ([line("a", A, ["192.0.2.1"])], [line("a", A, ["192.0.2.1"], TTL, "A")]),
        ([line("a", MX, ["1 B.example."])], [line("a", MX, ["1 b.example."])]),
        ([line("l", LOC, ["0 N 0 E 0m"])], []),
    ],
    ids=["apex NS", "SOA", "of a signer", "owner in another case", "rdata in another case", "never there"],
)
def test_nothing_is_sent(old, new):
    assert plan(old, new) == changebatch.Push((), ())


def test_other_ns_are_sent():
    assert told(plan([], [line("sub", NS, ["a.example."])])) == [("CREATE", "sub.example.org.", "NS")]


def test_the_highest_ttl_is_sent():
    (change,) = changes_of(plan([], [line("a", A, ["192.0.2.1"], types.HIGHEST_TTL)]))

    assert change["ResourceRecordSet"]["TTL"] == 2147483647


# --- The limits


@given(versions(), versions())
@some
def test_no_batch_is_over_the_limits_and_no_owner_name_in_two(old, new):
    planned = plan(old, new)
    sent = [[change for part in batch.parts for change in part.changes] for batch in planned.batches]

    assert not planned.refused
    assert all(sum(len(values(each)) for each in batch) <= RECORDS for batch in sent)
    assert all(sum(len(text) for each in batch for text in values(each)) <= CHARACTERS for batch in sent)
    owners = [{each["ResourceRecordSet"]["Name"] for each in batch} for batch in sent]
    assert sum(map(len, owners)) == len(set().union(*owners))


@pytest.mark.parametrize(
    ("old", "new", "sizes"),
    [
        ([], many(2_001), [1_000, 1_000, 1]),
        (many(501), many(501, "192.0.2.2"), [1_000, 2]),
        ([], many(40, f'"{"t" * 255}" "{"t" * 255}" "{"t" * 255}"', TXT), [41 - 1]),
        ([], many(43, f'"{"t" * 255}" "{"t" * 255}" "{"t" * 255}"', TXT), [41, 2]),
    ],
    ids=["creations", "updates", "characters of one request", "characters of two"],
)
def test_batches_are_as_full_as_they_may_be(old, new, sizes):
    assert [sum(len(part.changes) for part in batch.parts) for batch in plan(old, new).batches] == sizes


def test_an_owner_name_that_is_too_large_goes_by_its_record_sets():
    texts = [f'"{n:03}{"t" * 250}"' for n in range(100)]
    large = [line("a", TXT, texts), line("a", MX, [f"{n} {'m' * 60}.example.org." for n in range(100)])]

    planned = plan([], large)

    assert [[part.moves[0].place for part in batch.parts] for batch in planned.batches] == [
        [rrset.place(large[1])],
        [rrset.place(large[0])],
    ]
    assert not planned.refused


# --- What Route 53 cannot have


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (line("a", LOC, ["0 N 0 E 0m"]), "does not have this type"),
        (line("a", 65280, ["\\# 1 00"]), "does not have this type"),
        (line("a", TXT, [" ".join([f'"{"t" * 255}"'] * 16)]), "4,127 characters, and Route 53 takes 4,000"),
        (rrset.to_line("a", TLSA, None, [b"\x03\x01\x01"]), "no text that Route 53 reads"),
        (line("a", A, [f"10.0.{n // 250}.{n % 250}" for n in range(1_001)]), "more than a request takes"),
    ],
    ids=["type", "unknown type", "long value", "no text", "1,001 records"],
)
def test_what_route_53_cannot_have_is_put_aside_and_the_rest_is_sent(text, why):
    planned = plan([], [text, line("b", A, ["192.0.2.1"])])

    ((place, reason),) = [(each.place, each.why) for each in planned.refused]
    assert place == rrset.place(text)
    assert why in reason
    assert told(planned) == [("CREATE", "b.example.org.", "A")]


def test_the_longest_value_is_sent():
    texts = [*[f'"{"t" * 255}"'] * 15, f'"{"t" * (LONGEST_VALUE - 15 * 258 - 2)}"']

    (change,) = changes_of(plan([], [line("a", TXT, [" ".join(texts)])]))

    assert list(map(len, values(change))) == [LONGEST_VALUE]


def test_what_was_put_aside_is_not_deleted_and_not_expected():
    old, new = line("a", TXT, [" ".join([f'"{"t" * 255}"'] * 16)]), line("a", TXT, ['"x"'])

    planned = plan([old], [new])

    assert told(planned) == [("CREATE", "a.example.org.", "TXT")]
    assert planned.batches[0].parts[0].state({}) is State.BEFORE


# --- What a hosted zone holds


@given(versions())
@some
def test_a_record_set_comes_back(lines):
    for text in lines:
        found = changebatch.held(changebatch.record_set(rrset.as_served(text, TTL), ZONE), ZONE)

        if rrset.place(text) == f"\t{NS}\t":
            assert found is None
        else:
            place, held = found
            assert (place, shown([held.line])) == (rrset.place(text), shown([text]))
            assert not held.why


PLAIN = {"Name": "a.example.org.", "Type": "A", "TTL": 60, "ResourceRecords": [{"Value": "192.0.2.1"}]}
ALIAS = {"AliasTarget": {"HostedZoneId": "Z1", "DNSName": "b.example.org.", "EvaluateTargetHealth": False}}
NEVER = {
    "it is an alias": {"Name": "a.example.org.", "Type": "A", **ALIAS},
    "it has a routing policy": {**PLAIN, "SetIdentifier": "one", "Weight": 1},
    "it has a health check": {**PLAIN, "HealthCheckId": "h"},
    "a traffic policy made it": {**PLAIN, "TrafficPolicyInstanceId": "t"},
    "'192.0.2' is not read: Text input is malformed.": {**PLAIN, "ResourceRecords": [{"Value": "192.0.2"}]},
}


@pytest.mark.parametrize(("why", "found"), NEVER.items(), ids=NEVER)
def test_what_is_never_touched_says_why(why, found):
    assert changebatch.held(found, ZONE) == ("a\t1\t", Held(found, None, why))


@pytest.mark.parametrize("kind", ["SOA", "NS"])
def test_what_is_route_53s_own_is_no_contents(kind):
    assert changebatch.held({**PLAIN, "Name": "example.org.", "Type": kind}, ZONE) is None


A_1, A_2 = line("a", A, ["192.0.2.1"], 60), line("a", A, ["192.0.2.2"], 60)
PLACE = rrset.place(A_1)


@pytest.mark.parametrize(
    ("move", "there", "state"),
    [
        (Move(A_1, A_2), A_1, State.BEFORE),
        (Move(A_1, A_2), A_2, State.AFTER),
        (Move(A_1, A_2), None, State.OTHER),
        (Move(A_1, A_2), line("a", A, ["192.0.2.1"], 61), State.OTHER),
        (Move(None, A_2), None, State.BEFORE),
        (Move(None, A_2), A_1, State.OTHER),
        (Move(A_1, None), None, State.AFTER),
        (Move(A_1, None), A_2, State.OTHER),
    ],
)
def test_what_is_there_says_whether_a_part_was_done(move, there, state):
    (part,) = changebatch.plan([move], ZONE, TTL).batches[0].parts

    assert part.state({PLACE: Held(PLAIN, there)} if there else {}) is state


def test_what_is_never_touched_stops_what_would_take_its_place():
    alias = {PLACE: Held(NEVER["it is an alias"], why="it is an alias")}
    (creation,) = changebatch.plan([Move(None, A_1)], ZONE, TTL).batches[0].parts
    (deletion,) = changebatch.plan([Move(A_1, None)], ZONE, TTL).batches[0].parts

    assert creation.state(alias) is State.KEPT
    assert deletion.state(alias) is State.AFTER


def test_a_record_set_is_deleted_as_it_is_listed():
    ours, name = line("*", TXT, ['"a" "b"'], 60), "\\052.example.org."
    (part,) = changebatch.plan([Move(ours, None)], ZONE, TTL).batches[0].parts
    listed = {"Name": "*.example.org.", "Type": "TXT", "TTL": 60, "ResourceRecords": [{"Value": '"a""b"'}]}
    place, held = changebatch.held(listed, ZONE)

    assert [each["ResourceRecordSet"]["Name"] for each in part.changes] == [name]
    assert part.as_listed({place: held}).changes == ({"Action": "DELETE", "ResourceRecordSet": listed},)


@given(versions(), versions())
@some
def test_the_drift_is_what_differs_but_for_route_53s_own(there, wanted):
    moves = list(changebatch.moves_of(diff.exact_moves(there, wanted), TTL))

    left, right = hosted(there), hosted(wanted)
    assert {move.place for move in moves} == {
        rrset.place(text)
        for text in [*there, *wanted]
        if rrset.place(text) != f"\t{NS}\t" and left.get(where(text)) != right.get(where(text))
    }


def where(text):
    ((place, _),) = shown([text]).items()
    return place


def test_a_record_set_is_named():
    assert changebatch.named(f"*\t{TXT}\t", ZONE) == "TXT of *.example.org."
    assert changebatch.named(f"\t{SOA}\t", ZONE) == "SOA of example.org."
