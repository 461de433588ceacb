"""The template and what it names hold together: handlers, events, routes, variables, logs, pins."""

import inspect
import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from zonewright.dryrun import KEPT
from zonewright.http.idempotency import PARTITION
from zonewright.settings import Settings
from zonewright.store import keys

ROOT = Path(__file__).resolve().parents[2]


class Loader(yaml.SafeLoader):
    """YAML with CloudFormation's short forms: `!Ref Table` is {"Ref": "Table"}."""


def intrinsic(loader: Loader, suffix: str, node: yaml.Node) -> dict[str, Any]:
    match node:
        case yaml.ScalarNode():
            return {suffix: loader.construct_scalar(node)}
        case yaml.SequenceNode():
            return {suffix: loader.construct_sequence(node, deep=True)}
    return {suffix: loader.construct_mapping(node, deep=True)}


Loader.add_multi_constructor("!", intrinsic)
TEMPLATE = yaml.load((ROOT / "template.yaml").read_text(), Loader)
RESOURCES = TEMPLATE["Resources"]


def of_type(kind):
    return {name: each["Properties"] for name, each in RESOURCES.items() if each["Type"] == kind}


FUNCTIONS = of_type("AWS::Serverless::Function")
MODULES = {name: each["Handler"].removesuffix(".handler") for name, each in FUNCTIONS.items()}
ROUTES = {
    " ".join([event["Properties"]["Method"], event["Properties"]["Path"]])
    for each in FUNCTIONS.values()
    for event in each.get("Events", {}).values()
    if "Path" in event["Properties"]
}
every_function = pytest.mark.parametrize("name", FUNCTIONS)


@every_function
def test_function_has_its_module(name):
    source = (ROOT / "functions" / f"{MODULES[name]}.py").read_text()

    assert re.search(r"^def handler\(", source, re.MULTILINE)


@every_function
def test_function_is_named_after_its_module(name):
    words = re.split("[/_]", MODULES[name])

    assert name == "".join(word.capitalize() for word in words)


@every_function
def test_function_has_an_event(name):
    assert (ROOT / "events" / f"{MODULES[name].replace('/', '_')}.json").is_file()


@every_function
def test_function_writes_to_a_log_group_with_retention(name):
    group = RESOURCES[FUNCTIONS[name]["LoggingConfig"]["LogGroup"]["Ref"]]

    assert group["Type"] == "AWS::Logs::LogGroup"
    assert group["Properties"]["RetentionInDays"] == {"Ref": "LogRetention"}


@every_function
def test_function_may_do_named_actions_on_named_resources_only(name):
    statements = [
        statement
        for policy in FUNCTIONS[name]["Policies"]
        if "Statement" in policy
        for statement in policy["Statement"]
    ]

    for statement in statements:
        actions = statement["Action"] if isinstance(statement["Action"], list) else [statement["Action"]]
        assert not [action for action in actions if "*" in action]
        assert statement["Resource"] != "*"


def test_every_module_has_its_function():
    found = {str(path.relative_to(ROOT / "functions").with_suffix("")) for path in ROOT.glob("functions/*/*.py")}

    assert {module for module in found if not module.endswith("__init__")} == set(MODULES.values())


def test_no_two_functions_share_a_log_group():
    groups = [each["LoggingConfig"]["LogGroup"]["Ref"] for each in FUNCTIONS.values()]

    assert len(set(groups)) == len(groups)


def test_what_a_dry_run_found_is_kept_as_long_as_its_report():
    rules = RESOURCES["Bucket"]["Properties"]["LifecycleConfiguration"]["Rules"]

    (days,) = [rule["ExpirationInDays"] for rule in rules if rule.get("Prefix") == "dryruns/"]
    assert timedelta(days=days) == KEPT


def test_every_variable_the_settings_read_is_set():
    read = set(re.findall(r'"([A-Z][A-Z_]+)"', inspect.getsource(Settings.from_environment)))
    everywhere = set(TEMPLATE["Globals"]["Function"]["Environment"]["Variables"])

    assert read - everywhere == {"STATE_MACHINE_ARN"}  # only for those that start syncs


def test_no_variable_is_set_that_nobody_reads():
    read = set(re.findall(r'"([A-Z][A-Z_]+)"', inspect.getsource(Settings.from_environment)))
    everywhere = set(TEMPLATE["Globals"]["Function"]["Environment"]["Variables"])

    assert {name for name in everywhere - read if not name.startswith("POWERTOOLS_")} == set()


def test_defaults_of_parameters_are_those_of_the_settings():
    variables = TEMPLATE["Globals"]["Function"]["Environment"]["Variables"]
    defaults = {
        name: str(TEMPLATE["Parameters"][value["Ref"]]["Default"])
        for name, value in variables.items()
        if isinstance(value, dict) and value.get("Ref") in TEMPLATE["Parameters"]
    }

    from_template = Settings.from_environment({"TABLE_NAME": "t", "BUCKET_NAME": "b"} | defaults)

    assert from_template == Settings.from_environment({"TABLE_NAME": "t", "BUCKET_NAME": "b"})


def test_functions_that_start_syncs_and_only_they_know_the_state_machine():
    knowing = {name for name, each in FUNCTIONS.items() if "STATE_MACHINE_ARN" in str(each.get("Environment"))}
    starting = {name for name, each in FUNCTIONS.items() if "states:StartExecution" in str(each["Policies"])}

    assert knowing == starting


def test_every_post_of_v2_and_nothing_else_may_keep_its_answer():
    keeping = {name for name, each in FUNCTIONS.items() if {"Ref": "IdempotencyPolicy"} in each["Policies"]}
    posting = {
        name
        for name, each in FUNCTIONS.items()
        for event in each.get("Events", {}).values()
        if event["Properties"].get("Method") == "POST" and event["Properties"]["Path"].startswith("/v2/")
    }

    assert keeping == posting


def test_answers_are_kept_where_the_policy_lets_them():
    (statement,) = RESOURCES["IdempotencyPolicy"]["Properties"]["PolicyDocument"]["Statement"]

    assert statement["Condition"] == {"ForAllValues:StringEquals": {"dynamodb:LeadingKeys": [PARTITION]}}


def test_only_the_sweeper_may_remove_objects():
    assert [name for name, each in FUNCTIONS.items() if "s3:Delete" in str(each["Policies"])] == ["SweepContents"]


def test_looking_for_what_is_due_needs_no_right_to_the_contents():
    assert "s3:" not in str(FUNCTIONS["SyncDispatch"]["Policies"])


def test_indexes_of_the_table_are_those_of_the_keys():
    (table,) = of_type("AWS::DynamoDB::Table").values()
    found = {
        index["IndexName"]: [key["AttributeName"] for key in index["KeySchema"]]
        for index in table["GlobalSecondaryIndexes"]
    }

    assert found == {name: [f"{name}pk", f"{name}sk"] for name in (keys.INDEX, keys.DUE_INDEX)}


def test_every_task_of_the_state_machine_is_a_function_it_may_invoke():
    (machine,) = of_type("AWS::Serverless::StateMachine").values()
    definition = (ROOT / machine["DefinitionUri"]).read_text()
    substitutions = machine["DefinitionSubstitutions"]

    assert set(re.findall(r"\$\{(\w+)\}", definition)) == set(substitutions)
    functions = [each for each in substitutions.values() if "GetAtt" in each]
    assert functions == machine["Policies"][0]["Statement"][0]["Resource"]


def test_the_state_machine_may_begin_executions_of_itself_only():
    (policy,) = of_type("AWS::IAM::Policy").values()
    starting, watching = policy["PolicyDocument"]["Statement"]

    assert policy["Roles"] == [{"Ref": "SyncMachineRole"}]
    assert (starting["Action"], starting["Resource"]) == ("states:StartExecution", {"Ref": "SyncMachine"})
    assert watching["Resource"]["Sub"].endswith(":execution:${SyncMachine.Name}/*")


def test_the_items_of_inline_maps_fit_the_history_of_an_execution():
    events, other, seven = 25_000, 100, 7

    assert int(TEMPLATE["Parameters"]["InlineMapItems"]["MaxValue"]) * seven + other < events


def test_routes_are_those_of_the_api_page():
    rows = re.findall(r"^\| `([A-Z]+ /\S*)`", (ROOT / "docs/api.md").read_text(), re.MULTILINE)

    assert sorted(rows) == sorted(ROUTES)


def test_parameters_and_defaults_are_those_of_the_deployment_page():
    rows = re.findall(r"^\| `([A-Z]\w+)` \| (`.+?`|none) \|", (ROOT / "docs/deploy.md").read_text(), re.MULTILINE)
    defaults = {name: str(each["Default"]) for name, each in TEMPLATE["Parameters"].items()}

    assert sorted(rows) == sorted((name, f"`{text}`" if text else "none") for name, text in defaults.items())


def test_what_is_deployed_is_what_is_tested():
    deployed = pins("layers/deps/requirements.txt")

    assert deployed.items() <= pins("requirements/dev.txt").items()


def pins(path):
    lines = (ROOT / path).read_text().splitlines()
    return dict(line.split("==") for line in lines if line and not line.startswith("#"))
