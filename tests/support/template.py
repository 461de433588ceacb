"""Read `template.yaml`."""

from typing import Any

import yaml

from support.places import ROOT


class Loader(yaml.SafeLoader):
    """A loader of YAML with CloudFormation's short forms. It reads `!Ref Table` as `{"Ref": "Table"}`."""


def intrinsic(loader: Loader, suffix: str, node: yaml.Node) -> dict[str, Any]:
    """Return a short form as a dict."""
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
    """Return the properties of all resources of a type, by name."""
    return {name: each["Properties"] for name, each in RESOURCES.items() if each["Type"] == kind}


FUNCTIONS = of_type("AWS::Serverless::Function")
MODULES = {name: each["Handler"].removesuffix(".handler") for name, each in FUNCTIONS.items()}
"""The module of each function, such as `designate/create_zone`."""


def routes(name):
    """Return the route keys that the template sends to a function."""
    events = [each["Properties"] for each in FUNCTIONS[name].get("Events", {}).values() if each["Type"] == "HttpApi"]
    return [f"{each['Method']} {each['Path']}" if "Path" in each else "$default" for each in events]


def role(name):
    """Return the properties of a function's role."""
    return RESOURCES[FUNCTIONS[name]["Role"]["GetAtt"].removesuffix(".Arn")]["Properties"]


def statements(properties):
    """Return the statements of a role or a policy. A role includes its shared policies."""
    shared = [RESOURCES[arn["Ref"]]["Properties"] for arn in properties.get("ManagedPolicyArns", []) if "Ref" in arn]
    documents = [each["PolicyDocument"] for each in (*properties.get("Policies", []), *shared)]
    documents += [properties["PolicyDocument"]] if "PolicyDocument" in properties else []
    return [statement for document in documents for statement in document["Statement"]]


def actions(name):
    """Return the actions that a function may call, on any resource."""
    found = [each["Action"] for each in statements(role(name))]
    return {action for each in found for action in (each if isinstance(each, list) else [each])}
