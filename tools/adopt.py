"""Create a stack of a table, a bucket and a key that exist, for example a restored table: `docs/deploy.md` says when.

CloudFormation imports resources into a stack that has nothing else. So this imports the three, as `template.yaml`
describes them. The next deployment adds all other resources.

An import changes nothing at a resource, and a deployment only what differs from the template before. So the import says
what the table has, and not what a restored one lacks: its stream and its time to live.
"""

import argparse
import json
import sys
from pathlib import Path
from typing import Any

import boto3
import yaml

TEMPLATE = Path(__file__).resolve().parents[1] / "template.yaml"
ADOPTED = {"Table": "TableName", "Bucket": "BucketName", "Key": "KeyId"}
"""Resources to import, and the property that identifies each."""

_PARAMETERS = ("TableName", "BucketName", "DeletionProtection")
_CONDITIONS = ("TableNamed", "BucketNamed")
_BACKUPS = "PointInTimeRecoverySpecification"
"""Left out of the import, so that the next deployment turns them on. That does no harm if they are on."""


class _Loader(yaml.SafeLoader):
    """A loader of YAML with CloudFormation's short forms, which become long ones."""


def _intrinsic(loader: _Loader, suffix: str, node: Any) -> dict[str, Any]:
    value: Any
    if isinstance(node, yaml.ScalarNode):
        value = loader.construct_scalar(node)
        value = value.split(".", 1) if suffix == "GetAtt" else value
    elif isinstance(node, yaml.SequenceNode):
        value = loader.construct_sequence(node, deep=True)
    else:
        value = loader.construct_mapping(node, deep=True)
    return {suffix if suffix in ("Ref", "Condition") else f"Fn::{suffix}": value}


_Loader.add_multi_constructor("!", _intrinsic)


def template() -> dict[str, Any]:
    """Return a template of the resources to adopt alone, as `template.yaml` has them."""
    whole = yaml.load(TEMPLATE.read_text(), _Loader)  # noqa: S506 - a safe loader
    return {
        "AWSTemplateFormatVersion": whole["AWSTemplateFormatVersion"],
        "Parameters": {name: whole["Parameters"][name] for name in _PARAMETERS},
        "Conditions": {name: whole["Conditions"][name] for name in _CONDITIONS},
        "Resources": {name: whole["Resources"][name] for name in ADOPTED},
    }


def lacking(dynamodb: Any, table: str) -> set[str]:
    """Return the properties of a table in `template.yaml` that it lacks, as a restored one does, and its backups.

    What it has must not be among them: DynamoDB refuses to turn on a stream or a time to live that is on.
    """
    found = {_BACKUPS}
    if not dynamodb.describe_table(TableName=table)["Table"].get("StreamSpecification", {}).get("StreamEnabled"):
        found.add("StreamSpecification")
    ttl = dynamodb.describe_time_to_live(TableName=table)["TimeToLiveDescription"]["TimeToLiveStatus"]
    if ttl not in ("ENABLED", "ENABLING"):
        found.add("TimeToLiveSpecification")
    return found


def adopt(cloudformation: Any, dynamodb: Any, stack: str, names: dict[str, str]) -> None:
    """Create a stack by importing the resources of these names or ids. Raise WaiterError if AWS refuses."""
    described = template()
    for name in lacking(dynamodb, names["Table"]):
        del described["Resources"]["Table"]["Properties"][name]
    found = [
        {
            "ResourceType": described["Resources"][resource]["Type"],
            "LogicalResourceId": resource,
            "ResourceIdentifier": {identifier: names[resource]},
        }
        for resource, identifier in ADOPTED.items()
    ]
    change = {"StackName": stack, "ChangeSetName": "adopt"}
    cloudformation.create_change_set(
        **change,
        ChangeSetType="IMPORT",
        TemplateBody=json.dumps(described),
        ResourcesToImport=found,
        Parameters=[
            {"ParameterKey": "TableName", "ParameterValue": names["Table"]},
            {"ParameterKey": "BucketName", "ParameterValue": names["Bucket"]},
        ],
    )
    cloudformation.get_waiter("change_set_create_complete").wait(**change)
    cloudformation.execute_change_set(**change)
    cloudformation.get_waiter("stack_import_complete").wait(StackName=stack)


def main() -> int:
    """Run the command. Return the exit code."""
    parser = argparse.ArgumentParser(prog="adopt", description="Create a stack of a table, a bucket and a key")
    parser.add_argument("--stack", default="zonewright", help="name of the new stack")
    for resource in ADOPTED:
        parser.add_argument(f"--{resource.lower()}", required=True, help=f"name or id of the {resource.lower()}")
    given = vars(parser.parse_args())
    names = {resource: given[resource.lower()] for resource in ADOPTED}
    adopt(boto3.client("cloudformation"), boto3.client("dynamodb"), given["stack"], names)
    print(f"Stack {given['stack']} has the table, the bucket and the key. Deploy the rest with")
    print(f"sam deploy --parameter-overrides TableName={given['table']} BucketName={given['bucket']}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
