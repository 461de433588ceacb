"""The options of the operator's commands that are numbers."""

import argparse

import boto3
import pytest
from zonewright.operations import parsing


@pytest.fixture
def parser():
    made = argparse.ArgumentParser()
    parsing.add(made.add_subparsers(), boto3.client)
    return made


@pytest.mark.parametrize("hours", ["0", "-5", "nan", "inf", "1e9", "x"])
def test_a_trace_of_no_hours_is_refused(parser, capsys, hours):
    with pytest.raises(SystemExit):
        parser.parse_args(["zone", "trace", "example.org.", f"--hours={hours}"])

    assert "argument --hours" in capsys.readouterr().err


def test_a_trace_of_a_part_of_an_hour_is_taken(parser):
    assert parser.parse_args(["zone", "trace", "example.org.", "--hours", "0.05"]).hours == 0.05
