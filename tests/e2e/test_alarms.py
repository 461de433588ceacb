"""The alarms of the deployed stack. Unit tests compare dimensions and missing values, which the emulator ignores."""

import time

import pytest
from support.template import of_type

ALARMS = of_type("AWS::CloudWatch::Alarm")


@pytest.fixture
def cloudwatch(aws):
    return aws("cloudwatch")


@pytest.fixture
def alarms(aws, cloudwatch):
    """The deployed alarms by their logical ids."""
    pages = aws("cloudformation").get_paginator("list_stack_resources").paginate(StackName="zonewright")
    found = [each for page in pages for each in page["StackResourceSummaries"]]
    names = {each["PhysicalResourceId"]: each["LogicalResourceId"] for each in found}
    deployed = cloudwatch.describe_alarms()["MetricAlarms"]
    return {names[each["AlarmName"]]: each for each in deployed if each["AlarmName"] in names}


def test_every_alarm_is_deployed(alarms):
    assert alarms.keys() == ALARMS.keys()


SILENCE = "NoLookAlarm"


def state(cloudwatch, name, wanted):
    """The state of an alarm, once it is as wanted, or after twenty seconds."""
    deadline = time.monotonic() + 20
    while True:
        (found,) = cloudwatch.describe_alarms(AlarmNames=[name])["MetricAlarms"]
        if found["StateValue"] == wanted or time.monotonic() > deadline:
            return found["StateValue"]
        time.sleep(0.2)


def put(cloudwatch, alarm, value):
    about = {"MetricName": alarm["MetricName"], "Value": value, "Dimensions": alarm["Dimensions"]}
    cloudwatch.put_metric_data(Namespace=alarm["Namespace"], MetricData=[about])


@pytest.mark.parametrize("name", sorted(ALARMS.keys() - {SILENCE}))
def test_an_alarm_goes_off_at_the_value_that_it_names(alarms, cloudwatch, name):
    put(cloudwatch, alarms[name], alarms[name]["Threshold"] * 1.0)

    assert state(cloudwatch, alarms[name]["AlarmName"], "ALARM") == "ALARM"


def test_the_alarm_of_silence_goes_off_for_a_dispatcher_that_does_not_run(alarms, cloudwatch):
    alarm = alarms[SILENCE]
    kept = ("MetricName", "Statistic", "Period", "EvaluationPeriods", "Threshold", "ComparisonOperator")
    other = {name: alarm[name] for name in kept} | {"Namespace": "never-runs", "Dimensions": []}
    cloudwatch.put_metric_alarm(AlarmName="never-runs", **other)
    put(cloudwatch, other, 0)  # the emulator has no state for a metric without values, and ignores dimensions
    put(cloudwatch, alarm, alarm["Threshold"] * 1.0)  # nor does it tell Lambda's own metrics at once
    try:
        found = state(cloudwatch, "never-runs", "ALARM"), state(cloudwatch, alarm["AlarmName"], "OK")
    finally:
        cloudwatch.delete_alarms(AlarmNames=["never-runs"])

    assert found == ("ALARM", "OK")


def test_the_dashboard_is_deployed(cloudwatch):
    assert cloudwatch.get_dashboard(DashboardName="zonewright")["DashboardBody"]
