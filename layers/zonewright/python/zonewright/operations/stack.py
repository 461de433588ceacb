"""A CloudFormation stack as the operator's command sees it: clients of AWS, and the resources by their logical ids."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError

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
        try:
            found = self.client("cloudformation").describe_stack_resource(
                StackName=self.name, LogicalResourceId=logical_id
            )
        except ClientError as error:
            if error.response["Error"]["Code"] != "ValidationError":
                raise
            raise Invalid(
                f"stack {self.name} has no {logical_id}: is it a Zonewright stack of this release?"
            ) from error
        return str(found["StackResourceDetail"]["PhysicalResourceId"])
