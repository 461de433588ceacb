"""All three stages over a small world, what becomes of a batch, and what it does to record sets."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from zonewright.model.acl import AccessLevel
from zonewright.model.batches import outcome
from zonewright.model.batches.batch import Asked, ChangeType, Status
from zonewright.model.batches.groups import Present
from zonewright.model.batches.outcome import Outcome, Sender, Work, World
from zonewright.model.batches.together import DATUM_NOT_THERE, NOT_THERE, Contact
from zonewright.model.choices import DEFAULTS, Choices
from zonewright.model.zone import Zone, ZoneType
from zonewright.protocol.fields import Record
from zonewright.protocol.types import AAAA, CNAME, MX, NS, PTR, TXT, A

NOW = datetime(2026, 1, 15, 12, 34, 56, tzinfo=UTC)
NUMBERS = {"A": A, "AAAA": AAAA, "CNAME": CNAME, "MX": MX, "NS": NS, "PTR": PTR, "TXT": TXT}
FIELD = {"A": "address", "AAAA": "address", "CNAME": "cname", "NS": "nsdname", "PTR": "ptrdname", "TXT": "text"}
OK = Zone("ok-id", "ok.", "ok-group", ZoneType.SECONDARY, NOW, "ok@example.org")
SHARED = Zone("shared-id", "shared.", "shared-group", ZoneType.SECONDARY, NOW, "shared@example.org", shared=True)
REVERSE = Zone("reverse-id", "2.0.192.in-addr.arpa.", "ok-group", ZoneType.SECONDARY, NOW, "ok@example.org")
ZONES = {each.name: each for each in (OK, SHARED, REVERSE)}
ADDED_AND_DELETED = (
    'Cannot perform request for the record "{}". Add and Delete for the record with same record data exists in the '
    "batch."
)
NOT_UNIQUE = 'Record Name "{}" Not Unique In Batch Change: cannot have multiple "CNAME" records with the same name.'
CONFLICT = (
    'CNAME Conflict: CNAME record names must be unique. Existing record with name "{}" and type "{}" conflicts with '
    "this record."
)
EXISTS = (
    'RecordName "{}" already exists. If you intended to update this record, submit a DeleteRecordSet entry followed '
    "by an Add."
)
NO_OWNER_GROUP = 'Zone "shared." is a shared zone, so owner group ID must be specified for record "{}".'
NOT_AUTHORIZED = 'User "ada" is not authorized. Contact {} owner group: {} at {} to make DNS changes.'
NO_ZONE = (
    'Zone Discovery Failed: zone for "{}" does not exist in VinylDNS. If zone exists, then it must be connected to '
    "in VinylDNS."
)
REVIEW = 'Record set with name "{}" requires manual review.'
NAME_SERVER = "Name Server {} is not an approved name server."


def record(kind, value):
    if kind == "MX":
        return Record(MX, {"preference": 10, "exchange": value})
    return Record(NUMBERS[kind], {FIELD[kind]: value})


def add(name, kind="A", value="192.0.2.1", ttl=None):
    return Asked(ChangeType.ADD, name, kind, record(kind, value), ttl)


def delete(name, kind="A", value=None):
    return Asked(ChangeType.DELETE, name, kind, record(kind, value) if value else None)


def there(name, kind="A", *values, owner=None, ttl=200):
    records = tuple(record(kind, each) for each in values or ("192.0.2.1",))
    return Present(f"id of {name} {kind}", name, kind, ttl, records, owner)


def small(*present, level=AccessLevel.DELETE, levels=None):
    """Make a world with some record sets, and with the level of every one, or of those of an owner group."""
    by_key = {}
    for zone, each in present:
        by_key.setdefault((zone.id, each.name.lower()), []).append(each)
    groups = {"ok-group": Contact("Ok", "group@ok"), "owners": Contact("Owners", "owners@ok")}
    return World(
        zones=lambda names: {name: ZONES[name] for name in names if name in ZONES},
        present=lambda wanted: {key: by_key[key] for zone, name in wanted if (key := (zone.id, name)) in by_key},
        level=lambda question: (levels or {}).get(question.owner_group_id, level),
        contact=groups.get,
    )


def check(*asked, world=None, group=None, choices=DEFAULTS, reviewed=False):
    return outcome.check(asked, Sender("ada", group), world or small(), choices, reviewed=reviewed)


def messages(*asked, **options):
    return [[each.message for each in change.problems] for change in check(*asked, **options).changes]


def runs(*asked, group=None, world=None):
    """What a batch does: work, name, type, the data afterwards, TTL, owner group and places of changes."""
    checked = check(*asked, group=group, world=world)
    assert [each.problems for each in checked.changes] == [()] * len(asked)
    return [
        (
            run.work,
            run.name,
            run.type,
            [next(reversed(each.values.values())) for each in run.records],
            run.ttl,
            run.owner_group_id,
            run.changes,
        )
        for run in outcome.runs(checked, Sender("ada", group))
    ]


# --- Problems of changes together


@pytest.mark.parametrize(
    ("asked", "present", "expected"),
    [
        pytest.param([add("a.ok.")], [], [[]], id="a new set"),
        pytest.param([add("a.ok."), add("A.ok.", value="192.0.2.2")], [], [[], []], id="two data of a new set"),
        pytest.param([add("a.ok.")], [(OK, there("a"))], [[]], id="a datum that is there"),
        pytest.param(
            [add("A.ok.", value="192.0.2.9")], [(OK, there("a"))], [[EXISTS.format("A.ok.")]], id="another datum"
        ),
        pytest.param(
            [add("a.ok.", value="192.0.2.9"), delete("a.ok.", value="192.0.2.1")],
            [(OK, there("a"))],
            [[], []],
            id="another datum in place of one",
        ),
        pytest.param(
            [add("a.ok.", value="192.0.2.9"), delete("a.ok.", value="192.0.2.8")],
            [(OK, there("a"))],
            [[], []],
            id="another datum and a deletion of what is not there",
        ),
        pytest.param(
            [add("a.ok."), delete("a.ok.", value="192.0.2.1")],
            [],
            [[ADDED_AND_DELETED.format("a.ok.")], []],
            id="the same datum added and deleted, and nothing there",
        ),
        pytest.param([add("a.ok."), delete("a.ok.")], [], [[], []], id="added, and all deleted, and nothing there"),
        pytest.param(
            [add("a.ok.", "CNAME", "x."), add("a.ok.", "CNAME", "y.")],
            [],
            [[NOT_UNIQUE.format("a.ok.")]] * 2,
            id="two CNAMEs",
        ),
        pytest.param(
            [add("a.ok.", "CNAME", "x."), add("A.ok.", "CNAME", "X.")], [], [[], []], id="the same CNAME twice"
        ),
        pytest.param(
            [add("a.ok.", "CNAME", "x."), add("a.ok.", "TXT", "x")],
            [],
            [[NOT_UNIQUE.format("a.ok.")], []],
            id="a CNAME beside another type, both new",
        ),
        pytest.param(
            [add("a.ok.", "CNAME", "x.")],
            [(OK, there("a"))],
            [[CONFLICT.format("a.ok.", "A")]],
            id="a CNAME beside what is there",
        ),
        pytest.param(
            [add("a.ok.", "TXT", "x")],
            [(OK, there("a", "CNAME", "x."))],
            [[CONFLICT.format("a.ok.", "CNAME")]],
            id="another type beside a CNAME that is there",
        ),
        pytest.param(
            [add("a.ok.", "CNAME", "x."), delete("a.ok.")], [(OK, there("a"))], [[], []], id="a CNAME in place of A"
        ),
        pytest.param(
            [add("a.ok.", "CNAME", "x."), delete("a.ok.", value="192.0.2.1")],
            [(OK, there("a", "A", "192.0.2.1", "192.0.2.2"))],
            [[CONFLICT.format("a.ok.", "A")], []],
            id="a CNAME beside what remains",
        ),
        pytest.param(
            [delete("a.ok.", "CNAME"), add("a.ok.", "CNAME", "y."), add("a.ok.", "CNAME", "z.")],
            [(OK, there("a", "CNAME", "x."))],
            [[], [NOT_UNIQUE.format("a.ok.")], [NOT_UNIQUE.format("a.ok.")]],
            id="two CNAMEs in place of one",
        ),
        pytest.param([add("a.b.ok.")], [], [[NO_ZONE.format("a.b.ok.")]], id="a dotted A"),
        pytest.param([add("a.b.ok.", "TXT", "x")], [], [[]], id="a dotted TXT"),
        pytest.param([add("a.b.ok.")], [(OK, there("a.b"))], [[]], id="a dotted A that is there"),
        pytest.param(
            [add("a.b.ok.", "CNAME", "x."), add("a.b.ok.", "CNAME", "y.")],
            [],
            [[NOT_UNIQUE.format("a.b.ok."), NO_ZONE.format("a.b.ok.")]] * 2,
            id="two dotted CNAMEs",
        ),
        pytest.param([add("ok.")], [], [[]], id="an A at the apex"),
        pytest.param([add("192.0.2.7", "PTR", "x.")], [], [[]], id="a PTR"),
    ],
)
def test_changes_are_judged_together(asked, present, expected):
    assert messages(*asked, world=small(*present)) == expected


def test_a_name_server_must_be_approved_in_new_and_changed_sets():
    choices = Choices(approved_name_servers=(r"ns1\.ok\.",))
    world = small((OK, there("b", "NS", "ns1.ok.")))

    assert messages(
        add("a.ok.", "NS", "ns1.ok."),
        add("a.ok.", "NS", "evil."),
        delete("b.ok.", "NS", "ns1.ok."),
        add("b.ok.", "NS", "evil."),
        choices=choices,
        world=world,
    ) == [[], [NAME_SERVER.format("evil.")], [], [NAME_SERVER.format("evil.")]]


def test_a_zone_of_the_review_list_makes_soft_problems_until_it_was_reviewed():
    choices = Choices(review_zones=("OK.",))
    world = small((OK, there("b")), (OK, there("c", "A", "192.0.2.1", "192.0.2.2")))
    asked = [add("a.ok."), delete("b.ok."), delete("c.ok.", value="192.0.2.1"), delete("x.ok.")]

    assert messages(*asked, world=world, choices=choices) == [
        [REVIEW.format("a.ok.")],
        [REVIEW.format("b.ok.")],
        [REVIEW.format("c.ok.")],
        [],
    ]
    assert messages(*asked, world=world, choices=choices, reviewed=True) == [[], [], [], []]


@pytest.mark.parametrize(
    ("level", "refused"),
    [
        (AccessLevel.NO_ACCESS, {"new", "changed", "replaced", "deleted", "reduced"}),
        (AccessLevel.READ, {"new", "changed", "replaced", "deleted", "reduced"}),
        (AccessLevel.WRITE, {"deleted"}),
        (AccessLevel.DELETE, set()),
    ],
)
def test_the_right_to_write_adds_and_updates_and_the_right_to_delete_deletes(level, refused):
    world = small(
        (OK, there("changed")),
        (OK, there("deleted")),
        (OK, there("reduced", "A", "192.0.2.1", "192.0.2.2")),
        level=level,
    )
    asked = {
        "new": add("new.ok."),
        "changed": add("changed.ok.", value="192.0.2.9"),
        "replaced": delete("changed.ok."),
        "deleted": delete("deleted.ok."),
        "reduced": delete("reduced.ok.", value="192.0.2.2"),
        "nothing": delete("nothing.ok."),
    }

    found = messages(*asked.values(), world=world)

    text = NOT_AUTHORIZED.format("zone", "Ok", "group@ok")
    assert found == [[text] if name in refused else [] for name in asked]


def test_the_group_to_turn_to_owns_the_set_in_a_shared_zone_or_else_the_zone():
    world = small(
        (SHARED, there("owned", owner="owners")),
        (SHARED, there("gone", owner="gone-group")),
        (OK, there("a", owner="owners")),
        level=AccessLevel.NO_ACCESS,
    )
    asked = [delete("owned.shared."), delete("gone.shared."), delete("a.ok."), add("new.shared.")]

    assert messages(*asked, world=world, group="mine") == [
        [NOT_AUTHORIZED.format("record", "Owners", "owners@ok")],
        [NOT_AUTHORIZED.format("record", "gone-group", "shared@example.org")],
        [NOT_AUTHORIZED.format("zone", "Ok", "group@ok")],
        [NOT_AUTHORIZED.format("zone", "shared-group", "shared@example.org")],
    ]


def test_a_new_set_is_judged_as_without_an_owner_and_a_changed_one_by_its_owner():
    world = small(
        (SHARED, there("a", owner="owners")), levels={"owners": AccessLevel.DELETE}, level=AccessLevel.NO_ACCESS
    )

    found = messages(delete("a.shared."), add("a.shared.", value="192.0.2.9"), add("b.shared."), world=world, group="g")

    assert [bool(each) for each in found] == [False, False, True]


def test_a_shared_zone_needs_an_owner_group_for_what_has_no_owner():
    world = small(
        (SHARED, there("free")), (SHARED, there("owned", owner="owners")), (SHARED, there("gone", "A", "192.0.2.1"))
    )
    asked = [
        add("new.shared."),
        delete("free.shared."),
        add("free.shared.", value="192.0.2.2"),
        delete("owned.shared."),
        add("owned.shared.", value="192.0.2.2"),
        delete("gone.shared."),
    ]

    assert messages(*asked, world=world) == [
        [NO_OWNER_GROUP.format("new")],
        [],
        [NO_OWNER_GROUP.format("free")],
        [],
        [],
        [],
    ]
    assert messages(*asked, world=world, group="mine") == [[]] * 6


def test_a_change_with_a_problem_skips_the_stages_after_and_the_others_go_on():
    checked = check(add("-.ok."), add("a.nowhere."), add("a.ok."), delete("x.ok."))

    assert [bool(each.problems) for each in checked.changes] == [True, True, False, False]
    assert [each.placed and each.placed.record_name for each in checked.changes] == [None, None, "a", "x"]


def test_deletions_of_nothing_say_so():
    world = small((OK, there("a")))

    checked = check(
        delete("x.ok."), delete("a.ok.", value="192.0.2.9"), delete("a.ok.", value="192.0.2.1"), world=world
    )

    assert [each.message for each in checked.changes] == [NOT_THERE, DATUM_NOT_THERE, None]


def test_a_missing_ttl_is_that_of_the_set_or_the_default():
    world = small((OK, there("a", ttl=77)))

    checked = check(add("a.ok."), add("b.ok."), add("c.ok.", ttl=60), add("c.nowhere."), delete("a.ok."), world=world)

    assert [each.ttl for each in checked.changes] == [77, 7200, 60, 7200, None]


def test_the_world_is_asked_once_for_zones_and_once_for_sets():
    asked = []
    world = small()
    counting = World(
        zones=lambda names: asked.append(len(names)) or world.zones(names),
        present=lambda wanted: asked.append(len(wanted)) or world.present(wanted),
        level=world.level,
        contact=world.contact,
    )

    check(*(add(f"host{number % 500}.ok.") for number in range(1000)), world=counting)

    assert asked == [501, 500]


# --- What becomes of a batch

SOFT = add("a.nowhere.")
HARD = add("-.ok.")
GOOD = add("a.ok.")
SERVER = add("a.ok.", "NS", "ns1.ok.")


@pytest.mark.parametrize(
    ("asked", "options", "expected"),
    [
        ([GOOD], {}, Outcome.RUNS),
        ([GOOD], {"group": "g"}, Outcome.RUNS),
        ([GOOD, HARD], {"group": "g"}, Outcome.REFUSED),
        ([SOFT, HARD], {"group": "g"}, Outcome.REFUSED),
        ([GOOD, SOFT], {"group": "g"}, Outcome.WAITS),
        ([GOOD, SOFT], {}, Outcome.LACKS_OWNER_GROUP),
        ([GOOD, SOFT], {"group": "g", "may_wait": False}, Outcome.REFUSED),
        ([GOOD, SOFT], {"group": "g", "manual_review": False}, Outcome.REFUSED),
        ([GOOD], {"scheduled": True}, Outcome.WAITS),
        ([SOFT], {"scheduled": True}, Outcome.LACKS_OWNER_GROUP),
        ([SOFT], {"scheduled": True, "group": "g"}, Outcome.WAITS),
        ([SERVER], {}, Outcome.LACKS_OWNER_GROUP),
        ([SERVER], {"group": "g"}, Outcome.WAITS),
        ([SERVER], {"scheduled": True}, Outcome.WAITS),
        ([SERVER], {"group": "g", "may_wait": False}, Outcome.WAITS),
        ([SERVER], {"group": "g", "manual_review": False}, Outcome.REFUSED),
    ],
)
def test_a_batch_runs_waits_or_is_refused(asked, options, expected):
    choices = Choices(manual_review=options.get("manual_review", True))
    sender = Sender("ada", options.get("group"))
    checked = outcome.check(asked, sender, small(), choices)

    found = outcome.decide(
        checked.changes,
        sender,
        choices,
        scheduled=options.get("scheduled", False),
        may_wait=options.get("may_wait", True),
    )

    assert found is expected


def test_a_stored_change_has_its_zone_or_needs_a_review():
    good, soft, nothing = check(GOOD, SOFT, delete("x.ok.")).changes

    stored = good.stored("c1")
    assert (stored.id, stored.status, stored.ttl, stored.problems) == ("c1", Status.PENDING, 7200, ())
    assert (stored.zone_id, stored.zone_name, stored.record_name) == ("ok-id", "ok.", "a")
    waiting = soft.stored("c2")
    assert (waiting.status, waiting.zone_id, waiting.zone_name, waiting.record_name) == (
        Status.NEEDS_REVIEW,
        "",
        "",
        "",
    )
    assert [(str(each.kind), each.message) for each in waiting.problems] == [
        ("ZoneDiscoveryError", NO_ZONE.format("a.nowhere."))
    ]
    assert waiting.ttl == 7200
    assert nothing.stored("c3").message == NOT_THERE


# --- What runs


@pytest.mark.parametrize(
    ("asked", "present", "expected"),
    [
        ([add("a.ok.", ttl=60)], [], [(Work.CREATE, "a", "A", ["192.0.2.1"], 60, None, (0,))]),
        (
            [add("A.ok.", value="192.0.2.2", ttl=60), add("b.ok."), add("a.ok.", ttl=90)],
            [],
            [
                (Work.CREATE, "A", "A", ["192.0.2.2", "192.0.2.1"], 60, None, (0, 2)),
                (Work.CREATE, "b", "A", ["192.0.2.1"], 7200, None, (1,)),
            ],
        ),
        (
            [delete("a.ok.", value="192.0.2.1"), add("a.ok.", value="192.0.2.3"), add("a.ok.", value="192.0.2.2")],
            [(OK, there("A", "A", "192.0.2.1", "192.0.2.2"))],
            [(Work.UPDATE, "A", "A", ["192.0.2.2", "192.0.2.3"], 200, None, (0, 1, 2))],
        ),
        ([delete("a.ok.")], [(OK, there("a"))], [(Work.DELETE, "a", "A", [], 200, None, (0,))]),
        (
            [delete("a.ok.", value="192.0.2.1")],
            [(OK, there("a", "A", "192.0.2.1", "192.0.2.2", owner="owners"))],
            [(Work.UPDATE, "a", "A", ["192.0.2.2"], 200, "owners", (0,))],
        ),
        ([delete("x.ok.")], [], [(Work.DELETE_NOTHING, "x", "A", [], 0, None, (0,))]),
        (
            [add("a.ok."), delete("a.ok.")],
            [],
            [(Work.CREATE, "a", "A", ["192.0.2.1"], 7200, None, (0, 1))],
        ),
        (
            [delete("a.ok."), add("a.ok.", "CNAME", "x.")],
            [(OK, there("a"))],
            [(Work.DELETE, "a", "A", [], 200, None, (0,)), (Work.CREATE, "a", "CNAME", ["x."], 7200, None, (1,))],
        ),
        (
            [delete("a.ok.", "CNAME", "X.ok."), add("a.ok.", "CNAME", "y.ok.")],
            [(OK, there("a", "CNAME", "x.OK."))],
            [(Work.UPDATE, "a", "CNAME", ["y.ok."], 200, None, (0, 1))],
        ),
    ],
)
def test_each_group_becomes_one_change_of_a_record_set(asked, present, expected):
    assert runs(*asked, world=small(*present)) == expected


def test_the_owner_group_of_the_batch_gets_what_has_no_owner_in_shared_zones():
    world = small((SHARED, there("free")), (SHARED, there("owned", owner="owners")))

    found = runs(
        add("new.shared."),
        add("new.ok."),
        delete("free.shared."),
        add("free.shared.", value="192.0.2.2"),
        delete("owned.shared."),
        add("owned.shared.", value="192.0.2.2"),
        world=world,
        group="mine",
    )

    assert [run[5] for run in found] == ["mine", None, "mine", "owners"]


def test_an_ipv6_address_is_compared_as_a_text():
    world = small((OK, there("a", "AAAA", "2001:db8:0:0:0:0:0:1")))

    checked = check(delete("a.ok.", "AAAA", "2001:db8::1"), world=world)

    assert checked.changes[0].message == DATUM_NOT_THERE


names = st.sampled_from(["a", "A", "b", "c"])
kinds = st.sampled_from(["A", "TXT"])
values = st.sampled_from(["192.0.2.1", "192.0.2.2", "192.0.2.3"])
changes = st.lists(
    st.one_of(
        st.builds(lambda name, kind, value: add(f"{name}.ok.", kind, value), names, kinds, values),
        st.builds(lambda name, kind, value: delete(f"{name}.ok.", kind, value), names, kinds, st.none() | values),
    ),
    max_size=8,
)
sets = st.dictionaries(st.tuples(st.sampled_from(["a", "b"]), kinds), st.lists(values, min_size=1, unique=True))


@given(changes, sets)
def test_every_change_runs_once_and_the_data_are_what_is_left_and_what_is_added(asked, present):
    world = small(*((OK, there(name, kind, *data)) for (name, kind), data in present.items()))
    checked = check(*asked, world=world)
    right = [at for at, each in enumerate(checked.changes) if not each.problems]

    made = outcome.runs(checked, Sender("ada"))

    assert sorted(at for run in made for at in run.changes) == right
    for run in made:
        mine = [asked[at] for at in run.changes]
        old = set(present.get((run.name.lower(), run.type), ()))
        added = {next(iter(each.record.values.values())) for each in mine if each.adds}
        deleted = {next(iter(each.record.values.values())) for each in mine if not each.adds and each.record}
        if any(not each.adds and not each.record for each in mine):
            deleted |= old
        new = [next(iter(each.values.values())) for each in run.records]
        assert set(new) == (old - deleted) | added
        assert len(new) == len(set(new))
        assert (run.work in (Work.DELETE, Work.DELETE_NOTHING)) == (not new)
        assert (run.work in (Work.CREATE, Work.DELETE_NOTHING)) == (not old)
