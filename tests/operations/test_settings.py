"""`zonewright settings`: the settings in the table become what a file says."""

import json

import boto3
import pytest
import yaml
from zonewright import command
from zonewright.model.choices import DEFAULTS, Choices
from zonewright.store import settings
from zonewright.store.settings import Section, Stored

STACK = {
    "Parameters": {"Tlds": {"Type": "String"}, "Blacklist": {"Type": "String"}},
    "Resources": {"Topic": {"Type": "AWS::SNS::Topic"}},
    "Outputs": {
        "TableName": {"Value": "zonewright-table"},
        "BucketName": {"Value": "zonewright-bucket"},
        "KmsKeyId": {"Value": "alias/zonewright"},
    },
}


@pytest.fixture
def stack(table):
    given = {"Tlds": "org net", "Blacklist": "bank evil{1,2}"}
    boto3.client("cloudformation").create_stack(
        StackName="zonewright",
        TemplateBody=json.dumps(STACK),
        Parameters=[{"ParameterKey": name, "ParameterValue": value} for name, value in given.items()],
    )
    return table


@pytest.fixture
def run(stack, tmp_path, capsys):
    """The command, which applies a file of this text, or shows. Return its status and what it prints."""

    def ran(*arguments, text=None):
        if text is not None:
            path = tmp_path / "settings.yaml"
            path.write_text(text)
            arguments = ("apply", str(path), *arguments)
        status = command.main(["settings", *arguments])
        printed = capsys.readouterr()
        return status, printed.out or printed.err

    return ran


def test_settings_are_shown_and_applied_again_without_a_change(run, table):
    status, shown = run("show")

    assert status == 0
    assert yaml.safe_load(shown)["tlds"] == ["org", "net"]
    assert yaml.safe_load(shown)["default_ttl"] == 7200
    assert run(text=shown) == (0, json.dumps({"dryRun": False, "differences": {}}, indent=2) + "\n")
    assert settings.read(table, *Section) == [Stored()] * 3


def test_a_file_is_applied_and_its_differences_are_printed(run, table):
    status, printed = run(text="{default_ttl: 300, tlds: [org, com]}")

    assert status == 0
    assert json.loads(printed) == {
        "dryRun": False,
        "differences": {
            "default_ttl": {"before": 7200, "after": 300},
            "tlds": {"before": ["org", "net"], "after": ["org", "com"]},
        },
    }
    assert settings.choices(table) == Choices(default_ttl=300)
    stored = settings.read(table, *Section)
    assert [each.revision for each in stored] == [1, 1, 0]
    assert [each["text"] for each in stored[1].document] == ["org", "com"]
    assert yaml.safe_load(run("show")[1])["tlds"] == ["org", "com"]


def test_a_dry_run_prints_the_differences_and_writes_nothing(run, table):
    status, printed = run("--dry-run", text="default_ttl: 300")

    assert status == 0
    assert json.loads(printed) == {
        "dryRun": True,
        "differences": {"default_ttl": {"before": 7200, "after": 300}},
    }
    assert settings.choices(table) == DEFAULTS


def test_a_file_with_an_error_applies_nothing_and_tells_every_error(run, table):
    status, printed = run(text="{default_ttl: 300, tlds: [org.], batch_changes: 0}")

    assert status == 1
    assert "batch_changes: 0 is no number from 1 to 1000" in printed
    assert "tlds[0].name: 'org.' is no top-level domain" in printed
    assert settings.choices(table) == DEFAULTS


@pytest.mark.parametrize(
    ("text", "words"), [("a: [", "cannot be read"), ("{default_ttl: 60, default_ttl: 61}", "default_ttl occurs twice")]
)
def test_a_file_that_is_no_yaml_or_has_a_key_twice_is_told_with_its_line(run, text, words):
    status, printed = run(text=text)

    assert status == 1
    assert words in printed
    assert "line 1" in printed
