"""The number of resources that the template makes; CloudFormation lets a stack have 500.

The SAM translator makes resources that the template does not name: a permission for each route, a rule for each event.
"""

import functools
from collections import Counter
from types import SimpleNamespace

from samcli.yamlhelper import yaml_parse
from samtranslator.translator.transform import transform
from support.template import ROOT

BUDGET = 315
"""The most that the template may make now. A new route takes a permission; raise this with a reason.

The zone endpoints of VinylDNS and its state of the service are 26 of them: eight functions, a permission for each of
their routes, and their roles. A dozen are alarms: one for each metric that says that somebody has to look.
"""

FOR_GOOD = 450
"""The most that the budget may ever be, well below the limit of 500."""


@functools.cache
def resources():
    """Every resource of the template as CloudFormation gets it."""
    template = yaml_parse((ROOT / "template.yaml").read_text())
    sources = {"CodeUri", "ContentUri", "DefinitionUri"}  # uploaded by then
    for each in (template["Globals"]["Function"], *(each["Properties"] for each in template["Resources"].values())):
        each.update(dict.fromkeys(sources & each.keys(), "s3://bucket/key"))
    no_managed_policies = SimpleNamespace(load=dict)
    return transform(template, {}, no_managed_policies)["Resources"]


def test_resources_are_within_the_budget():
    made = Counter(each["Type"] for each in resources().values())

    assert made.total() <= BUDGET <= FOR_GOOD, made.most_common()


def test_sam_makes_no_role_for_a_function():
    roles = {name for name, each in resources().items() if each["Type"] == "AWS::IAM::Role"}

    assert {name for name in roles if "lambda.amazonaws.com" in str(resources()[name])} == {
        each["Properties"]["Role"]["Fn::GetAtt"][0]
        for each in resources().values()
        if each["Type"] == "AWS::Lambda::Function"
    }
