import re

from zonewright.model import tokens


def test_a_token_shows_what_it_is_and_fits_into_a_header():
    assert re.fullmatch(r"zw_[A-Za-z0-9_-]{32}", tokens.make())


def test_no_two_tokens_are_equal():
    assert len({tokens.make() for _ in range(1000)}) == 1000


def test_a_digest_is_the_sha_256_of_the_text():
    assert tokens.digest("zw_abc") == "fab2eacb21d8f70b8d1b67b46d258afa7f42be8ff62c835df180b02dfaed247b"
