"""Object under imports/ created: finish the import of the uploaded file."""

from typing import TYPE_CHECKING, Any

from zonewright.actions import imports
from zonewright.actions.imports import Arrival
from zonewright.http.designate.words import of_import
from zonewright.http.designate.zones.body import imported
from zonewright.log import correlate, log
from zonewright.service import current

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.typing import LambdaContext


def handler(event: dict[str, Any], _: "LambdaContext") -> None:
    """Import the file with the attributes of its task. If this raises, Lambda retries."""
    correlate(event["id"])
    found = event["detail"]["object"]
    task = imports.finish(current(), Arrival(found["key"], found["etag"], found["sequencer"]), imported, of_import)
    facts = {"zone_id": task.zone_id, "status": task.status, "reason": task.message} if task else {"status": "over"}
    log().info("import", extra={"key": found["key"], **facts})
