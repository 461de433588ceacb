"""An object under imports/ was written: the file of an import is there."""

from typing import TYPE_CHECKING, Any

from zonewright.actions import imports
from zonewright.http.designate.zones.body import imported
from zonewright.log import log
from zonewright.service import current

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.typing import LambdaContext


def handler(event: dict[str, Any], _: "LambdaContext") -> None:
    """Import it, as its task says; a fault goes up, and Lambda tries again."""
    key = event["detail"]["object"]["key"]
    task = imports.finish(current(), key, imported)
    facts = {"zone_id": task.zone_id, "status": task.status, "reason": task.message} if task else {"status": "over"}
    log().info("import", extra={"key": key, **facts})
