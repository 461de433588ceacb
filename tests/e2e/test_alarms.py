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
    found = aws("cloudformation").describe_stack_resources(StackName="zonewright")["StackResources"]
    names = {each["PhysicalResourceId"]: each["LogicalResourceId"] for each in found}
    deployed = cloudwatch.describe_alarms()["MetricAlarms"]
    return {names[each["AlarmName"]]: each for each in deployed if each["AlarmName"] in names}


def test_every_alarm_is_deployed(alarms):
    assert alarms.keys() == ALARMS.keys()


@pytest.mark.parametrize("name", ALARMS)
def test_an_alarm_goes_off_at_the_value_that_it_names(alarms, cloudwatch, name):
    alarm = alarms[name]
    silent = alarm["ComparisonOperator"] == "LessThanThreshold"

    def put(value):
        about = {"MetricName": alarm["MetricName"], "Value": value, "Dimensions": alarm["Dimensions"]}
        cloudwatch.put_metric_data(Namespace=alarm["Namespace"], MetricData=[about])

    def state():
        (found,) = cloudwatch.describe_alarms(AlarmNames=[alarm["AlarmName"]])["MetricAlarms"]
        return found["StateValue"]

    put(0 if silent else alarm["Threshold"] * 1.0)
    deadline = time.monotonic() + 20
    while state() != "ALARM" and time.monotonic() < deadline:
        time.sleep(0.2)

    assert state() == "ALARM"


def test_the_dashboard_is_deployed(cloudwatch):
    assert cloudwatch.get_dashboard(DashboardName="zonewright")["DashboardBody"]
