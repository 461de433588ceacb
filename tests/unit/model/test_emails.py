import pytest
from zonewright.errors import EmailDomainRefused, EmailMalformed, TooManyEmailDots
from zonewright.http.vinyldns.dialect import text
from zonewright.model.emails import Rules, check

REFERENCE = Rules(("test.com", "*dummy.com"), dots=2)
PLAIN = Rules(("test.com", "example.org"))


@pytest.mark.parametrize(
    ("email", "rules"),
    [
        ("joe@test.com", REFERENCE),
        ("joe@eu.test.com", REFERENCE),
        ("joe@history-test.com", REFERENCE),
        ("joe@ok.dummy.com", REFERENCE),
        ("joe@okdummy.com", REFERENCE),
        ("joe@Test.COM", REFERENCE),
        ("a.b+c_d!e&f-g@test.com", REFERENCE),
        ("joe@example.org", PLAIN),
        ("joe@a.b.c.d.example.org", Rules()),
        (f"joe@{'a' * 63}.org", Rules()),
    ],
)
def test_an_address_that_the_rules_allow_is_taken(email, rules):
    check(email, rules)


@pytest.mark.parametrize(
    "email",
    [
        *("", "joe", "joe@", "@test.com", "joe@com", "joe@@test.com", "joe@test@test.com", ".joe@test.com"),
        *("joe.@test.com", "j..e@test.com", "joe@test..com", "joe@test.com.", "joe@.test.com", "joe@-test.com"),
        *("joe@test-.com", "j e@test.com", "joe@te_st.com", "joe@test.com\n", "jöe@test.com", "joe@tést.com"),
        *(f"joe@{'a' * 64}.com", f"{'a' * 320}@test.com"),
    ],
)
def test_what_is_no_address_is_refused_whatever_the_domains(email):
    for rules in (REFERENCE, Rules()):
        with pytest.raises(EmailMalformed) as refused:
            check(email, rules)
        assert text(refused.value) == "Please enter a valid Email."


@pytest.mark.parametrize("email", ["joe@test.org", "joe@test.com.org", "joe@dummy.co"])
def test_another_domain_is_refused_with_the_list(email):
    with pytest.raises(EmailDomainRefused) as refused:
        check(email, REFERENCE)

    assert text(refused.value) == "Please enter a valid Email. Valid domains should end with test.com,dummy.com"


@pytest.mark.parametrize("email", ["joe@eu.test.com", "joe@history-test.com"])
def test_without_a_wildcard_a_domain_is_exact(email):
    with pytest.raises(EmailDomainRefused):
        check(email, PLAIN)


@pytest.mark.parametrize("domain", ["a.b.test.com", "a.b.c.org"])
def test_dots_are_counted_before_the_domain(domain):
    with pytest.raises(TooManyEmailDots) as refused:
        check(f"joe@{domain}", REFERENCE)

    assert text(refused.value) == "Please enter a valid Email. Number of dots allowed after @ is 2"


def test_no_address_takes_long_to_check():
    for email in ("a" * 319 + "@", "a-" * 159 + "@", "a@" + "a-" * 159, "a@" + "a." * 159 + "!"):
        with pytest.raises(EmailMalformed):
            check(email, REFERENCE)
