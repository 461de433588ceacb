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
        """Return the physical id of a resource: an ARN, a URL or a name. Raise Invalid if the stack has none.

        It is asked for by name, because a list of all (DescribeStackResources) ends after a hundred resources.
        """
        cloudformation = self.client("cloudformation")
        try:
            found = cloudformation.describe_stack_resource(StackName=self.name, LogicalResourceId=logical_id)
        except cloudformation.exceptions.ClientError as error:
            if error.response["Error"]["Code"] != "ValidationError":
                raise
            reason = f"stack {self.name} has no {logical_id}: is it a Zonewright stack of this release?"
            raise Invalid(reason) from error
        return str(found["StackResourceDetail"]["PhysicalResourceId"])
