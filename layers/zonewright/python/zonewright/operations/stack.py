"""A CloudFormation stack as the operator's command sees it: clients of AWS, and the resources by their logical ids."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from zonewright.errors import Invalid

Clients = Callable[[str], Any]
"""Returns the client of an AWS service, by its name."""


@dataclass(frozen=True, slots=True)
class Stack:
    """A deployed stack."""

    name: str
    client: Clients

    def resource(self, logical_id: str) -> str:
        """Return the physical id of a resource: an ARN, a URL or a name. Raise Invalid if the stack has none."""
        found = self.client("cloudformation").describe_stack_resources(StackName=self.name)["StackResources"]
        ids = {each["LogicalResourceId"]: str(each["PhysicalResourceId"]) for each in found}
        if logical_id not in ids:
            raise Invalid(f"stack {self.name} has no {logical_id}: is it a Zonewright stack of this release?")
        return ids[logical_id]
