import time

import pytest
from zonewright.model import patterns


@pytest.mark.parametrize(
    "text", ["*", "x{5,-3}", "x{", "{", "x{a}", "[a", "(", "a)", "a{2,1}", "\\", "a" * 1001, "\ud800"]
)
def test_a_text_that_is_no_expression_is_refused_and_matches_nothing(text):
    assert patterns.invalid(text)
    assert not patterns.matches(text, text)


@pytest.mark.parametrize("text", ["(?=a)a", "(?!b)a", "(a)\\1", "(?>a)", "a++"])
def test_what_takes_more_than_linear_time_is_refused(text):
    assert patterns.invalid(text)


@pytest.mark.parametrize(
    ("text", "whole"),
    [
        (".*", "anything.at.all"),
        ("www", "WWW"),
        ("[a-z0-9-]{1,63}", "some-name"),
        ("x{2}", "xx"),
        ("x{2,}", "xxxx"),
        ("[{]", "{"),
        ("\\{", "{"),
        ("\\Q{}\\E", "{}"),
        ("\\p{L}+", "münchen"),
        ("", ""),
    ],
)
def test_an_expression_matches_whole_texts_in_any_case(text, whole):
    assert patterns.invalid(text) is None
    assert patterns.matches(text, whole)
    assert not patterns.matches(text, f"{whole}\n.")


@pytest.mark.parametrize(
    "text", ["(a+)+$", "(a|a)*b", "((a*)*)*b", "(.*a){1,50}b", "(.*[a-z].*)" * 40 + "!", "(a|b|ab)*" * 100, "a?" * 250]
)
def test_no_expression_takes_long(text):
    began = time.process_time()
    for _ in range(10):
        patterns.matches(text, "a" * 254 + "!")

    assert time.process_time() - began < 1


def test_an_expression_that_would_need_much_memory_is_refused():
    assert patterns.invalid("(.*){1,1000}")
