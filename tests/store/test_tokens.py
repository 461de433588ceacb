"""Tokens in the table."""

from datetime import UTC, datetime, timedelta

import pytest
from zonewright.errors import TokenNotFound
from zonewright.model.tokens import Token
from zonewright.store import guesses, tokens
from zonewright.store.table import Put

NOW = datetime(2026, 1, 15, 12, 34, 56, tzinfo=UTC)
WHOLE = Token(
    digest="d" * 64,
    user_id="ada",
    group_id="dns",
    created=NOW,
    expires=NOW + timedelta(hours=1),
    reader=True,
    methods=("password", "token"),
    audit_ids=("own", "first"),
    access_key="KEY",
    credential_id="ci",
    api_token="e" * 64,
    only="dns",
    system=True,
)
LEAST = Token("a" * 64, "ada", None, NOW + timedelta(seconds=1))


@pytest.mark.parametrize("token", [WHOLE, LEAST])
def test_a_token_reads_back_as_it_was_put(table, token):
    tokens.put(table, token)

    assert tokens.get(table, token.digest) == token


def test_tokens_of_a_user_are_listed_the_oldest_first(table):
    for token in (LEAST, WHOLE, Token("b" * 64, "bob", "dns", NOW)):
        tokens.put(table, token)

    assert list(tokens.listing(table, "ada")) == [WHOLE, LEAST]


def test_a_token_of_an_earlier_release_has_neither_end_nor_role(table):
    old = {"pk": f"TOKEN#{'a' * 64}", "sk": "TOKEN", "user_id": "ada", "group_id": "dns"}
    table.write(Put(old | {"created": "2026-01-15T12:34:56.000000Z"}))

    token = tokens.get(table, "a" * 64)

    assert token == Token("a" * 64, "ada", "dns", NOW)
    assert (token.is_login, token.is_unscoped, token.ended(NOW)) == (False, False, False)
    assert len(token.audits[0]) == 22


def test_a_deleted_token_is_gone_and_cannot_be_deleted_again(table):
    tokens.put(table, WHOLE)

    tokens.delete(table, WHOLE.digest)

    assert tokens.get(table, WHOLE.digest) is None
    with pytest.raises(TokenNotFound):
        tokens.delete(table, WHOLE.digest)


def test_failures_of_a_window_are_counted_and_forgotten_together(table):
    places = guesses.places("ada", "192.0.2.1")
    (one, most), (address, many) = places.items()

    def waits(now):
        items = table.get_all([{"pk": pk, "sk": sk} for pk, sk in places])
        return [guesses.wait(item, bound, now) for item, bound in zip(items, places.values(), strict=True)]

    for _ in range(10):
        guesses.note(table, places, NOW)
    during, after = waits(NOW + timedelta(minutes=5)), waits(NOW + timedelta(minutes=15))
    guesses.note(table, places, NOW + timedelta(minutes=15))

    assert (most, many, one != address) == (10, 100, True)
    assert (during, after, waits(NOW + timedelta(minutes=16))) == ([600, 0], [0, 0], [0, 0])
    assert table.get({"pk": one[0], "sk": one[1]})["failures"] == 1
