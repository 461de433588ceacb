"""The rules for serverless applications, and the reasons why some are not followed."""

import re

from support.places import ROOT

CONFIG = (ROOT / "cfn-lint.yaml").read_text()


def test_the_check_runs_the_rules_for_serverless_applications():
    check = re.search(r"^check:.*\n((?:\t.*\n)+)", (ROOT / "Makefile").read_text(), re.MULTILINE)

    assert "\tcfn-lint --config-file cfn-lint.yaml\n" in check[1]
    assert "append_rules: [cfn_lint_serverless.rules]" in CONFIG
    assert "cfn-lint-serverless\n" in (ROOT / "requirements/dev.in").read_text()


def test_a_rule_that_is_not_followed_has_its_reason_beside_it():
    ignored = re.findall(r"^  - (\w+)(.*)$", CONFIG, re.MULTILINE)
    ignored += re.findall(r"ignore_checks: \[(\w+)\]\}+(.*)$", (ROOT / "template.yaml").read_text(), re.MULTILINE)

    assert {rule for rule, _ in ignored} == {"WS1000", "WS1004", "W1030", "ES6000"}
    assert all(re.fullmatch(r" # \w.{20,}", reason) for _, reason in ignored)
