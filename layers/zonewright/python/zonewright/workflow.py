"""State machine that runs syncs and dry runs: one execution for each, named by the id of the sync."""

import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from zonewright.model.order import Order

if TYPE_CHECKING:
    from mypy_boto3_stepfunctions.client import SFNClient


@dataclass(frozen=True, slots=True)
class Workflow:
    """State machine of syncs, by its ARN."""

    client: "SFNClient"
    arn: str

    def start(self, order: Order) -> None:
        """Start the execution of an order. A second start with the same id does nothing."""
        try:
            self.client.start_execution(
                stateMachineArn=self.arn, name=order.sync_id, input=json.dumps({"order": asdict(order)}, sort_keys=True)
            )
        except self.client.exceptions.ExecutionAlreadyExists:
            return
