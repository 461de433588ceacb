"""The state machine that runs syncs, and their dry runs: one execution per sync, named by the sync's id."""

import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mypy_boto3_stepfunctions.client import SFNClient


@dataclass(frozen=True, slots=True)
class Order:
    """The input of an execution: which zone, which sync, since when (ISO 8601), why (`sync.CHANGE_TYPES`).

    `mode` is how to copy, one of `sync.MODES`; `force` goes over the operator's guards. Of a dry run (`dryruns.py`)
    the id is in `sync_id`, and the zone is not held.
    """

    zone_id: str
    sync_id: str
    created: str
    trigger: str = "request"
    mode: str = "axfr"
    force: bool = False
    dry_run: bool = False


@dataclass(frozen=True, slots=True)
class Workflow:
    """The state machine by its ARN."""

    client: "SFNClient"
    arn: str

    def start(self, order: Order) -> None:
        """Begin the execution; a second start under the same id is the first one."""
        try:
            self.client.start_execution(
                stateMachineArn=self.arn, name=order.sync_id, input=json.dumps({"order": asdict(order)}, sort_keys=True)
            )
        except self.client.exceptions.ExecutionAlreadyExists:
            return
