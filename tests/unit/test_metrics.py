"""Metrics, the alarms and the dashboard over them, and the page that explains both."""

import json
import re

import pytest
from support.metrics import recorded
from support.places import ROOT
from support.template import RESOURCES, TEMPLATE, of_type
from zonewright.metrics import DIMENSIONS, UNITS, record

ALARMS = of_type("AWS::CloudWatch::Alarm")
OWN = {"Ref": "AWS::StackName"}
PAGE = (ROOT / "docs/operations.md").read_text()
NOT_OURS = {
    "ApiFaultsAlarm": ("AWS/ApiGateway", "5xx", {"ApiId": {"Ref": "Api"}}),
    "ThrottlesAlarm": ("AWS/Lambda", "Throttles", {}),
    "SyncTimeoutsAlarm": ("AWS/States", "ExecutionsTimedOut", {"StateMachineArn": {"Ref": "SyncMachine"}}),
    "NoLookAlarm": ("AWS/Lambda", "Invocations", {"FunctionName": {"Ref": "SyncDispatch"}}),
    "LookFaultsAlarm": ("AWS/Lambda", "Errors", {"FunctionName": {"Ref": "SyncDispatch"}}),
    "DeliveryFaultsAlarm": ("AWS/Lambda", "Errors", {"FunctionName": {"Ref": "DeliveryDeliver"}}),
    "NewsLateAlarm": ("AWS/Lambda", "IteratorAge", {"FunctionName": {"Ref": "SyncChanged"}}),
    "DeadLettersAlarm": (
        "AWS/SQS",
        "ApproximateNumberOfMessagesVisible",
        {"QueueName": {"GetAtt": "DeadLetters.QueueName"}},
    ),
    **{
        f"{place}{kind}sAlarm": (
            "AWS/DynamoDB",
            f"{kind}ThrottleEvents",
            {"TableName": {"Ref": "Table"}} | ({"GlobalSecondaryIndexName": index} if index else {}),
        )
        for place, index in (("Table", None), ("Index1", "gsi1"), ("Index2", "gsi2"))
        for kind in ("Read", "Write")
    },
}
"""The metrics of AWS that alarms watch, with their dimensions as the pages of AWS list them for each service."""


def dimensions(alarm):
    return {each["Name"]: each["Value"] for each in alarm.get("Dimensions", [])}


def test_a_line_has_the_values_of_its_metrics_and_one_set_of_dimensions(capsys):
    record({"SyncsFinished": 2, "SyncSeconds": [1.5, 2.25]})

    ((values, sets),) = recorded(capsys)
    assert values == {"SyncsFinished": ([2.0], "Count"), "SyncSeconds": ([1.5, 2.25], "Seconds")}
    assert sets == [{"service": "zonewright"}]


def test_a_dimension_is_a_second_set_so_that_an_alarm_needs_no_name(capsys):
    record({"SyncsFailed": 3}, Error="TransferRefused")

    ((values, sets),) = recorded(capsys)
    assert values == {"SyncsFailed": ([3.0], "Count")}
    assert sets == [{"service": "zonewright"}, {"service": "zonewright", "Error": "TransferRefused"}]


def test_lines_do_not_share_dimensions(capsys):
    record({"SyncsFailed": 1}, Error="TransferRefused")
    record({"SyncFaults": 1})

    assert [sets for _, sets in recorded(capsys)][1] == [{"service": "zonewright"}]


def test_a_metric_has_a_unit():
    with pytest.raises(KeyError, match="Zones"):
        record({"Zones": 1})


def test_a_second_dimension_is_of_a_metric_that_there_is():
    assert DIMENSIONS.keys() <= UNITS.keys()


@pytest.mark.parametrize("name", ALARMS)
def test_an_alarm_watches_a_metric_that_somebody_records(name, capsys):
    alarm = ALARMS[name]
    watched = (alarm["Namespace"], alarm["MetricName"], dimensions(alarm))
    if name in NOT_OURS:
        assert watched == NOT_OURS[name]
        return

    record({alarm["MetricName"]: 1})

    ((values, sets),) = recorded(capsys)
    variables = TEMPLATE["Globals"]["Function"]["Environment"]["Variables"]
    assert variables["POWERTOOLS_METRICS_NAMESPACE"] == alarm["Namespace"] == OWN
    assert alarm["MetricName"] in values
    assert dimensions(alarm) in sets
    assert variables["POWERTOOLS_SERVICE_NAME"] == "zonewright"


@pytest.mark.parametrize("name", ALARMS)
def test_an_alarm_tells_the_topic_that_the_operator_chose(name):
    given = {"If": ["AlarmTopicGiven", [{"Ref": "AlarmTopicArn"}], MAILED]}

    assert ALARMS[name]["AlarmActions"] == given


MAILED = {"If": ["AlarmMailed", [{"Ref": "AlarmTopic"}], {"Ref": "AWS::NoValue"}]}


@pytest.mark.parametrize("name", ALARMS)
def test_only_the_silence_of_the_dispatcher_alarms_without_values(name):
    silent = name == "NoLookAlarm"

    assert ALARMS[name]["TreatMissingData"] == ("breaching" if silent else "notBreaching")
    assert ALARMS[name]["ComparisonOperator"] == f"{'LessThan' if silent else 'GreaterThanOrEqualTo'}Threshold"


@pytest.mark.parametrize("name", [*ALARMS, "Dashboard"])
def test_alarms_and_the_dashboard_are_left_out_where_nobody_wants_to_pay_for_them(name):
    of_looks = name in {"NoLookAlarm", "LookFaultsAlarm"}

    assert RESOURCES[name]["Condition"] == ("LooksMonitored" if of_looks else "Monitored")
    assert TEMPLATE["Conditions"]["Monitored"] == {"Equals": [{"Ref": "Monitoring"}, "ENABLED"]}
    assert TEMPLATE["Conditions"]["LooksMonitored"] == {"And": [{"Condition": "Monitored"}, {"Condition": "Scheduled"}]}


def test_every_alarm_and_no_other_is_in_the_runbook():
    rows = re.findall(r"^\| `(\w+Alarm)` \|", PAGE, re.MULTILINE)

    assert sorted(rows) == sorted(ALARMS)


def test_every_metric_and_no_other_is_on_the_page_with_its_dimension():
    rows = re.findall(r"^\| `(\w+)` \| (\w+)(?: by `(\w+)`)? \|", PAGE, re.MULTILINE)

    assert {name: unit for name, unit, _ in rows} == UNITS
    assert {name: dimension for name, _, dimension in rows if dimension} == DIMENSIONS


def test_the_bill_of_an_idle_month_has_every_alarm():
    page, front = ((ROOT / name).read_text() for name in ("docs/performance.md", "README.md"))
    (count, dollars) = re.findall(r"^\| CloudWatch: alarms .*\| (\d+) \| \$([\d.]+) \|$", page, re.MULTILINE)[0]
    ((listed, beyond),) = re.findall(r"^\| as deployed \| (\S+) \| (\S+) \|$", page, re.MULTILINE)

    assert (int(count), float(dollars)) == (len(ALARMS), len(ALARMS) / 10)
    assert f"**{beyond}** beyond what every account has free, {listed} at list prices" in front


def test_the_dashboard_shows_every_metric():
    body = RESOURCES["Dashboard"]["Properties"]["DashboardBody"]["Sub"]
    widgets = json.loads(body)["widgets"]

    shown = json.dumps([each["properties"]["metrics"] for each in widgets])
    assert {name for name in UNITS if f'"{name}"' in shown.replace("\\", "")} == UNITS.keys()
    assert set(re.findall(r"\$\{([\w:.]+)\}", body)) <= {
        "AWS::Region",
        "AWS::StackName",
        "DeadLetters.QueueName",
        *RESOURCES,
    }
    places = [(each["x"], each["y"]) for each in widgets]
    assert len(set(places)) == len(places)


def test_the_dashboard_finds_metrics_of_a_stack_with_a_hyphen_in_its_name():
    body = json.dumps(json.loads(RESOURCES["Dashboard"]["Properties"]["DashboardBody"]["Sub"])).replace("\\", "")
    searched = re.findall(r"SEARCH\('\{(.*?),", body)

    assert len(searched) == len(DIMENSIONS)
    assert set(searched) == {'"${AWS::StackName}"'}


def test_every_role_may_send_traces_if_the_operator_wants_them():
    policy = RESOURCES["TracePolicy"]

    assert policy["Condition"] == "Traced"
    roles = {each["Ref"] for each in policy["Properties"]["Roles"]}
    assert roles == {*of_type("AWS::IAM::Role"), "SyncMachineRole"}
    assert TEMPLATE["Globals"]["Function"]["Tracing"] == {"Ref": "Tracing"}
    assert of_type("AWS::Serverless::StateMachine")["SyncMachine"]["Tracing"] == {
        "Enabled": {"If": ["Traced", True, False]}
    }
