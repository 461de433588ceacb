"""POSTs that are done once, however often they are sent: the header `Idempotency-Key`.

    first ──▶ record IN PROGRESS ──▶ the work ──▶ record COMPLETED with the answer     kept for a day
                     │                   └─ any error: record removed, so it may be sent again
    again ──────────▶│ another body: refused; running: refused; completed: the first answer again
                     └ a function that was killed: over when it would have timed out

A record is found by who calls (user and project), method, path and key. An answer may hold secrets (the key of a
transfer request): it lies in the table as those themselves do, encrypted under the stack's KMS key, and only until the
record expires. This is imported only for requests that have the header.
"""

import base64
import functools
import hashlib
import zlib
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from aws_lambda_powertools.utilities.idempotency import (
    DynamoDBPersistenceLayer,
    IdempotencyConfig,
    idempotent_function,
)
from aws_lambda_powertools.utilities.idempotency.exceptions import (
    IdempotencyAlreadyInProgressError,
    IdempotencyInconsistentStateError,
    IdempotencyValidationError,
)
from aws_lambda_powertools.utilities.idempotency.serialization.custom_dict import CustomDictSerializer

from zonewright.errors import IdempotencyKeyInUse, IdempotencyKeyReused, MalformedHeader
from zonewright.http.message import Request, Response
from zonewright.service import Service

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.typing import LambdaContext
    from mypy_boto3_dynamodb.client import DynamoDBClient

HEADER = "idempotency-key"
LONGEST_KEY = 255
LARGEST_BODY = 300_000
"""Octets of a packed body that are kept: an item has at most 400 KB, headers and keys included."""

PARTITION = "IDEMPOTENCY"
"""Where the records lie in the table; their sort key is a digest, so DynamoDB can split them."""


def once(service: Service, request: Request, context: "LambdaContext", work: Callable[[], Response]) -> Response:
    """Return the answer of `work`, or the one it gave the first time.

    Raise IdempotencyKeyReused, IdempotencyKeyInUse, MalformedHeader.
    """
    key = _key(request)
    caller = request.caller
    meant = [request.query_string.encode(), request.headers.get("content-type", "").encode(), request.body]
    request_made = {
        "key": [caller.user_id, caller.group_id, request.method, request.path, key],
        "body": [hashlib.sha256(each).hexdigest() for each in meant],
    }
    config = IdempotencyConfig(
        event_key_jmespath="key",
        payload_validation_jmespath="body",
        expires_after_seconds=service.settings.idempotency_seconds,
        hash_function="sha256",
        lambda_context=context,
    )

    def done(*, request_made: dict[str, Any]) -> Response:  # noqa: ARG001 - Powertools looks it up by name
        return work()

    one = idempotent_function(
        done,
        data_keyword_argument="request_made",
        config=config,
        persistence_store=_records(service.table.client, service.table.name),
        output_serializer=CustomDictSerializer(_packed, _unpacked),
        key_prefix="POST",
    )
    try:
        answer: Response = one(request_made=request_made)
    except IdempotencyValidationError as error:
        raise IdempotencyKeyReused(f"Idempotency-Key {key!r} was used for a request with another body") from error
    except (IdempotencyAlreadyInProgressError, IdempotencyInconsistentStateError) as error:
        raise IdempotencyKeyInUse(
            f"the first request with Idempotency-Key {key!r} is not answered yet; try again"
        ) from error
    return answer


def _key(request: Request) -> str:
    key = request.headers[HEADER].strip()
    if not (0 < len(key) <= LONGEST_KEY and key.isascii() and key.isprintable()):
        raise MalformedHeader(f"Idempotency-Key must be 1 to {LONGEST_KEY} printable ASCII characters")
    return key


@functools.cache
def _records(client: "DynamoDBClient", table: str) -> DynamoDBPersistenceLayer:
    """The records in our table, one object for each client: Powertools registers with it."""
    return DynamoDBPersistenceLayer(
        table_name=table,
        key_attr="pk",
        sort_key_attr="sk",
        static_pk_value=PARTITION,
        expiry_attr="expires",
        boto3_client=client,
    )


def _packed(response: Response) -> dict[str, Any]:
    """A response to keep; a body that is too large even so is left out: what it is about is not done twice for it."""
    body = base64.b85encode(zlib.compress(response.body.encode())).decode()
    kept = body if len(body) <= LARGEST_BODY else ""
    return {"status": response.status, "headers": dict(response.headers), "body": kept}


def _unpacked(kept: dict[str, Any]) -> Response:
    body = zlib.decompress(base64.b85decode(kept["body"])).decode() if kept["body"] else ""
    return Response(kept["status"], body, kept["headers"])
