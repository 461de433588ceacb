"""The template of a network for the functions that talk to primaries: valid, and what it says that it is."""

import re
import subprocess
import sys

import pytest
import yaml
from support.places import ROOT
from support.template import FUNCTIONS, TEMPLATE, Loader, actions

NETWORK = yaml.load((ROOT / "network.yaml").read_text(), Loader)
RESOURCES = NETWORK["Resources"]
HOURS = 730
ENDPOINT = "AWS::EC2::VPCEndpoint"
DEPLOY = (ROOT / "docs/deploy.md").read_text()


def of_type(kind):
    return {name: each for name, each in RESOURCES.items() if each["Type"] == kind}


def test_it_is_valid():
    command = [sys.executable, "-c", "from cfnlint.runner import main; main()", str(ROOT / "network.yaml")]

    linted = subprocess.run(command, capture_output=True, text=True, check=False)

    assert (linted.returncode, linted.stdout) == (0, "")


@pytest.mark.parametrize("name", ["SubnetIds", "SecurityGroupIds"])
def test_its_outputs_are_parameters_of_the_service(name):
    assert name in NETWORK["Outputs"]
    assert name in TEMPLATE["Parameters"]


def test_the_functions_subnets_have_ipv6_and_a_way_out_by_both():
    routes = [each["Properties"] for each in of_type("AWS::EC2::Route").values()]
    ours = [each for each in routes if each["RouteTableId"] == {"Ref": "Routes"}]
    associated = [each["Properties"] for each in of_type("AWS::EC2::SubnetRouteTableAssociation").values()]

    for subnet in ("SubnetA", "SubnetB"):
        assert "Ipv6CidrBlock" in RESOURCES[subnet]["Properties"]
        assert {"SubnetId": {"Ref": subnet}, "RouteTableId": {"Ref": "Routes"}} in associated
    assert {each.get("DestinationCidrBlock", each.get("DestinationIpv6CidrBlock")) for each in ours} == {
        "0.0.0.0/0",
        "::/0",
    }
    assert RESOURCES["Address"]["DeletionPolicy"] == "RetainExceptOnCreate"


@pytest.mark.parametrize("name", [name for name, each in FUNCTIONS.items() if "VpcConfig" in each])
def test_a_function_in_a_vpc_may_have_ipv6(name):
    ((condition, inside, outside),) = FUNCTIONS[name]["VpcConfig"].values()

    assert (condition, outside) == ("InVpc", {"Ref": "AWS::NoValue"})
    assert inside["Ipv6AllowedForDualStack"] == {"Ref": "Ipv6"}


def test_the_costs_are_those_of_what_it_makes():
    gateways, addresses = len(of_type("AWS::EC2::NatGateway")), len(of_type("AWS::EC2::EIP"))
    interfaces = sum(
        len(each["Properties"]["SubnetIds"])
        for each in of_type(ENDPOINT).values()
        if each["Properties"]["VpcEndpointType"] == "Interface"
    )

    monthly = [gateways * 0.045 * HOURS, addresses * 0.005 * HOURS, interfaces * 0.01 * HOURS]

    assert [f"${each:.2f}" in DEPLOY for each in monthly] == [True, True, True]
    assert f"about ${monthly[0] + monthly[1]:.2f} a month" in DEPLOY
    assert re.search(r"six times \$0.01 an hour", DEPLOY)
    assert interfaces == 6


@pytest.mark.parametrize("name", [name for name, each in FUNCTIONS.items() if "VpcConfig" in each])
def test_what_a_function_in_a_vpc_always_calls_has_an_endpoint(name):
    offered = {each["Properties"]["ServiceName"]["Sub"].rpartition(".")[2] for each in of_type(ENDPOINT).values()}
    called = {action.partition(":")[0] for action in actions(name)}

    assert called - {"logs"} <= offered  # Lambda itself writes the logs


def test_the_page_says_to_what_the_subnets_need_a_route():
    (row,) = re.findall(r"^\| `SubnetIds` .*$", DEPLOY, re.MULTILINE)

    assert "to S3, DynamoDB, KMS, Lambda and Step Functions" in row
    assert "to S3, DynamoDB, KMS, Lambda and Step Functions" in TEMPLATE["Parameters"]["SubnetIds"]["Description"]
