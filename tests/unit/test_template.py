"""The template and what it names hold together: handlers, events, routes, variables, logs, pins."""

import inspect
import re
from datetime import timedelta
from fnmatch import fnmatch

import pytest
from support.entries import ANSWERING, TABLES, event_name, handler
from support.places import ROOT
from support.template import FUNCTIONS, MODULES, RESOURCES, TEMPLATE, actions, of_type, role, routes, statements
from zonewright.actions import exports
from zonewright.http.idempotency import PARTITION
from zonewright.model.dryrun import KEPT
from zonewright.model.settings import Settings
from zonewright.model.zonetask import TEXTS
from zonewright.store import dueplaces, keys

PERMISSIONS = of_type("AWS::IAM::Role") | of_type("AWS::IAM::ManagedPolicy")
every_function = pytest.mark.parametrize("name", FUNCTIONS)


@every_function
def test_function_has_its_module(name):
    assert (ROOT / "functions" / f"{MODULES[name]}.py").is_file()
    assert callable(handler(MODULES[name]))


@every_function
def test_function_is_named_after_its_module(name):
    words = re.split("[/_]", MODULES[name].removesuffix("/routes"))

    assert name == "".join(word.capitalize() for word in words)


@pytest.mark.parametrize("module", sorted({*MODULES.values()} - {*TABLES} | {*ANSWERING.values()}))
def test_what_a_function_answers_has_an_event(module):
    assert (ROOT / "events" / f"{event_name(module)}.json").is_file()


@every_function
def test_function_writes_to_the_log_group_of_its_folder(name):
    folder = MODULES[name].split("/")[0]

    assert FUNCTIONS[name]["LoggingConfig"] == {"LogGroup": {"Ref": f"{folder.capitalize()}Log"}}


@pytest.mark.parametrize("name", of_type("AWS::Logs::LogGroup"))
def test_logs_are_kept_as_long_as_the_operator_says(name):
    assert RESOURCES[name]["Properties"]["RetentionInDays"] == {"Ref": "LogRetention"}


@every_function
def test_function_has_a_role_of_the_template(name):
    assert "Policies" not in FUNCTIONS[name]
    assert role(name)["AssumeRolePolicyDocument"]["Statement"] == [
        {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
    ]


LONG_NAME = 128
"""Characters of a long name or ARN that AWS gives, such as of the state machine of a stack with a long name."""

WITHOUT_RESOURCE = ("xray:", "route53:ListHostedZonesByName", "route53:CreateHostedZone", "ec2:DescribeVpcs")
"""Actions that AWS knows no resources for."""


@pytest.mark.parametrize("name", PERMISSIONS)
def test_a_role_allows_named_actions_on_named_resources_only(name):
    for statement in statements(PERMISSIONS[name]):
        actions = statement["Action"] if isinstance(statement["Action"], list) else [statement["Action"]]
        assert not [action for action in actions if "*" in action]
        assert statement["Resource"] != "*" or all(action.startswith(WITHOUT_RESOURCE) for action in actions)


def test_a_role_is_of_functions_and_no_two_are_alike():
    roles = of_type("AWS::IAM::Role")
    permissions = [(each["ManagedPolicyArns"], each.get("Policies")) for each in roles.values()]

    assert {each["Role"]["GetAtt"] for each in FUNCTIONS.values()} == {f"{name}.Arn" for name in roles}
    assert all(permissions.count(each) == 1 for each in permissions)


@every_function
def test_a_function_may_write_its_logs_and_make_no_group(name):
    (statement,) = RESOURCES["LogPolicy"]["Properties"]["PolicyDocument"]["Statement"]
    group = RESOURCES[FUNCTIONS[name]["LoggingConfig"]["LogGroup"]["Ref"]]["Properties"]["LogGroupName"]["Sub"]

    assert {"Ref": "LogPolicy"} in role(name)["ManagedPolicyArns"]
    assert statement["Action"] == ["logs:CreateLogStream", "logs:PutLogEvents"]
    assert fnmatch(group, statement["Resource"]["Sub"].partition(":log-group:")[2])


def test_functions_in_a_vpc_and_only_they_may_be_in_one():
    inside = {name for name, each in FUNCTIONS.items() if "VpcConfig" in each}
    allowed = {name for name in FUNCTIONS if "AWSLambdaVPCAccessExecutionRole" in str(role(name)["ManagedPolicyArns"])}

    assert inside == allowed == {"SyncTransfer", "SyncDispatch", "DeliveryDeliver"}


def test_what_runs_long_may_have_concurrency_of_its_own_and_what_ends_syncs_no_limit():
    reserved = {
        name: each["ReservedConcurrentExecutions"]
        for name, each in FUNCTIONS.items()
        if "ReservedConcurrentExecutions" in each
    }

    chosen = {"If": ["SyncsReserved", {"Ref": "SyncConcurrency"}, {"Ref": "AWS::NoValue"}]}
    events = {"If": ["EventsReserved", {"Ref": "EventConcurrency"}, {"Ref": "AWS::NoValue"}]}
    assert reserved == dict.fromkeys(
        ("EdgeImportUpload", "SyncTransfer", "SyncParseBatch", "SyncMergeRange"), chosen
    ) | {"SyncAnnounced": events}
    assert TEMPLATE["Conditions"]["EventsReserved"] == {"Not": [{"Equals": [{"Ref": "EventConcurrency"}, 0]}]}
    assert TEMPLATE["Conditions"]["SyncsReserved"] == {"Not": [{"Equals": [{"Ref": "SyncConcurrency"}, 0]}]}


def test_a_function_has_a_whole_processor_unless_nobody_waits_for_it():
    small = {name: each["MemorySize"] for name, each in FUNCTIONS.items() if "MemorySize" in each}

    assert TEMPLATE["Globals"]["Function"]["MemorySize"] == 1769
    assert small == dict.fromkeys(("SyncFail", "SyncAnnounced", "SyncStopped", "SyncChanged", "SweepContents"), 512)


def test_a_function_that_takes_or_frees_slots_may_find_and_delete_them():
    starting = {name for name in FUNCTIONS if "states:StartExecution" in actions(name)}

    for name in starting | {"DesignateImports"}:
        assert {"dynamodb:Query", "dynamodb:PutItem", "dynamodb:UpdateItem", "dynamodb:DeleteItem"} <= actions(name), (
            name
        )
    for name in ("SyncTransfer", "SyncPublish", "SyncFail", "SyncStopped", "DesignateDeleteZone", "DesignateTransfers"):
        assert "dynamodb:DeleteItem" in actions(name)


def test_answers_to_anybody_need_no_rights_but_to_write_logs():
    logging = {name for name in FUNCTIONS if actions(name) == {"logs:CreateLogStream", "logs:PutLogEvents"}}

    assert logging == {"EdgeService", "EdgeUnknownRoute"}


def test_every_module_is_a_function_or_in_the_table_of_one():
    found = {str(path.relative_to(ROOT / "functions").with_suffix("")) for path in ROOT.glob("functions/**/*.py")}

    assert found == set(MODULES.values()) | set(ANSWERING.values())


def test_what_a_dry_run_found_is_kept_as_long_as_its_report():
    rules = RESOURCES["Bucket"]["Properties"]["LifecycleConfiguration"]["Rules"]

    (days,) = [rule["ExpirationInDays"] for rule in rules if rule.get("Prefix") == "dryruns/"]
    assert timedelta(days=days) == KEPT


def test_the_text_of_an_export_outlives_its_task_and_the_links_to_it():
    rules = RESOURCES["Bucket"]["Properties"]["LifecycleConfiguration"]["Rules"]

    (days,) = [rule["ExpirationInDays"] for rule in rules if TEXTS.startswith(rule.get("Prefix", "-"))]
    assert timedelta(days=days) >= exports.KEPT + timedelta(hours=2, seconds=exports.LINK_SECONDS)


def test_every_variable_the_settings_read_is_set():
    read = set(re.findall(r'"([A-Z][A-Z_]+)"', inspect.getsource(Settings.from_environment)))
    everywhere = set(TEMPLATE["Globals"]["Function"]["Environment"]["Variables"])

    given = {"STATE_MACHINE_ARN", "DELIVERER", "EVENT_BUS"}  # to those that begin syncs or deliveries, and tell of them
    assert read - everywhere == given


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


@every_function
def test_the_variables_of_a_function_leave_room_for_long_settings(name):
    own = FUNCTIONS[name].get("Environment", {}).get("Variables", {})
    variables = TEMPLATE["Globals"]["Function"]["Environment"]["Variables"] | own
    values = [
        str(TEMPLATE["Parameters"].get(each.get("Ref"), {}).get("Default", "x" * LONG_NAME))
        if isinstance(each, dict)
        else each
        for each in variables.values()
    ]

    room = 4096 - len("".join([*variables, *values]))
    assert room >= 2000
    assert "leave 2,000" in (ROOT / "docs/deploy.md").read_text()


def test_functions_that_start_syncs_and_only_they_know_the_state_machine():
    knowing = {name for name, each in FUNCTIONS.items() if "STATE_MACHINE_ARN" in str(each.get("Environment"))}
    starting = {name for name in FUNCTIONS if "states:StartExecution" in actions(name)}

    assert knowing == starting


def test_every_post_of_v2_and_every_patch_of_many_may_keep_its_answer_and_nothing_else():
    keeping = {name for name in FUNCTIONS if {"Ref": "IdempotencyPolicy"} in role(name)["ManagedPolicyArns"]}
    many = "PATCH /v2/zones/{zone_id}/recordsets"
    posting = {name for name in FUNCTIONS if any(key.startswith("POST /v2/") or key == many for key in routes(name))}

    assert keeping == posting


def test_answers_are_kept_where_the_policy_lets_them():
    (statement,) = RESOURCES["IdempotencyPolicy"]["Properties"]["PolicyDocument"]["Statement"]

    assert statement["Condition"] == {"ForAllValues:StringEquals": {"dynamodb:LeadingKeys": [PARTITION]}}


def test_only_the_sweeper_and_the_import_of_uploads_may_remove_objects():
    deleting = [name for name in FUNCTIONS if any(action.startswith("s3:Delete") for action in actions(name))]

    assert deleting == ["EdgeImportUpload", "SweepContents"]


def test_looking_for_what_is_due_needs_no_right_to_the_contents():
    assert not [action for action in actions("SyncDispatch") if action.startswith("s3:")]


def test_indexes_of_the_table_are_those_of_the_keys():
    (table,) = of_type("AWS::DynamoDB::Table").values()
    found = {
        index["IndexName"]: [key["AttributeName"] for key in index["KeySchema"]]
        for index in table["GlobalSecondaryIndexes"]
    }

    assert found == {name: [f"{name}pk", f"{name}sk"] for name in (keys.INDEX, dueplaces.DUE_INDEX)}


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

    assert sorted(rows) == sorted(set(ANSWERING) - {"$default"})


def test_parameters_and_defaults_are_those_of_the_deployment_page():
    rows = re.findall(r"^\| `([A-Z]\w+)` \| (`.+?`|none) \|", (ROOT / "docs/deploy.md").read_text(), re.MULTILINE)
    defaults = {name: str(each["Default"]) for name, each in TEMPLATE["Parameters"].items()}

    assert sorted(rows) == sorted((name, f"`{text}`" if text else "none") for name, text in defaults.items())


def test_what_is_deployed_is_what_is_tested():
    deployed = pins("layers/deps/requirements.txt")

    assert deployed.items() <= pins("requirements/dev.txt").items()


def pins(path):
    return dict(re.findall(r"^([\w.-]+)==([\w.]+)", (ROOT / path).read_text(), re.MULTILINE))


@pytest.mark.parametrize("path", ["layers/deps/requirements.txt", "requirements/dev.txt"])
def test_every_pin_has_hashes_and_no_place_to_come_from(path):
    pinned = re.sub("#.*\n", "", (ROOT / path).read_text()).replace("\\\n", "").splitlines()

    assert len(pinned) == len(pins(path)) > 10
    for line in pinned:
        assert re.fullmatch(r"[\w.-]+==\S+( ; [^#]+?)?(\s+--hash=sha256:[0-9a-f]{64})+", line.strip()), line[:100]
    assert "://" not in (ROOT / path).read_text()


def test_what_is_deployed_is_what_was_pinned_by_hand():
    assert pins("layers/deps/requirements.txt") == pins("requirements/deps.in")


def test_the_layer_has_the_models_of_the_services_that_clients_are_made_of():
    asked = re.findall(r'client\("(\w+)"', (ROOT / "layers/zonewright/python/zonewright/service.py").read_text())
    (kept,) = re.findall(r"^SERVICES := (.+)$", (ROOT / "layers/deps/Makefile").read_text(), re.MULTILINE)

    assert set(kept.split()) == {*asked, "sts"}


def test_the_stage_throttles_and_a_named_api_has_no_second_address():
    (api,) = of_type("AWS::Serverless::HttpApi").values()

    limits = {"ThrottlingRateLimit": {"Ref": "ApiRate"}, "ThrottlingBurstLimit": {"Ref": "ApiBurst"}}
    assert api["DefaultRouteSettings"] == limits
    assert api["DisableExecuteApiEndpoint"] == {"If": ["Named", True, False]}
    assert {RESOURCES[name]["Condition"] for name in ("ApiDomain", "ApiMapping")} == {"Named"}


def test_deleted_contents_are_kept_for_longer_than_the_table_goes_back():
    bucket, table = (RESOURCES[name]["Properties"] for name in ("Bucket", "Table"))
    rules = {each.get("Prefix"): each for each in bucket["LifecycleConfiguration"]["Rules"]}
    recovery = table["PointInTimeRecoverySpecification"]

    assert recovery["PointInTimeRecoveryEnabled"]
    assert bucket["VersioningConfiguration"] == {"Status": "Enabled"}
    assert rules["zones/"]["NoncurrentVersionExpiration"]["NoncurrentDays"] > recovery["RecoveryPeriodInDays"]
    assert "ExpirationInDays" not in rules["zones/"]
    assert all("NoncurrentVersionExpiration" in each for prefix, each in rules.items() if prefix)


def test_no_function_may_delete_a_version_of_an_object():
    assert not [name for name in FUNCTIONS if "s3:DeleteObjectVersion" in actions(name)]
