"""Run a POST, or a PATCH of record sets, once, however often it is sent with the same header `Idempotency-Key`.

    first ──▶ record IN PROGRESS ──▶ the work ──▶ record COMPLETED with the response     kept for a day
                     │                   └─ any error: record deleted, the request may be repeated
    again ──────────▶│ another body: refused; still running: refused; completed: the first response
                     └ function killed: the record ends when the function would have timed out

The outcome of the work is returned even if its record cannot be written. A repeated request is then refused until the
record ends.

The key of a record is made of user, project, method, path and `Idempotency-Key`. A secret is not stored: the repeated
response has none (`Response.kept`).

Only requests with the header import this module.
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
    IdempotencyItemAlreadyExistsError,
    IdempotencyPersistenceLayerError,
    IdempotencyValidationError,
)
from aws_lambda_powertools.utilities.idempotency.persistence.datarecord import DataRecord
from aws_lambda_powertools.utilities.idempotency.serialization.custom_dict import CustomDictSerializer

from zonewright.errors import IdempotencyKeyInUse, IdempotencyKeyReused, MalformedHeader
from zonewright.http.message import Request, Response
from zonewright.log import log
from zonewright.service import Service

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.typing import LambdaContext
    from mypy_boto3_dynamodb.client import DynamoDBClient

HEADER = "idempotency-key"
LONGEST_KEY = 255
LARGEST_BODY = 300_000
"""Bytes of the largest packed body that is stored. A DynamoDB item takes 400 KB, headers and keys included."""

PARTITION = "IDEMPOTENCY"
"""Partition key of the records. Their sort key is a digest, so DynamoDB can split the partition."""


def once(service: Service, request: Request, context: "LambdaContext", work: Callable[[], Response]) -> Response:
    """Return the response of `work`, or the stored response of the first request with this key.

    Raise IdempotencyKeyReused if the first request was another one. Raise IdempotencyKeyInUse while it runs. Raise
    MalformedHeader if the key is not 1 to 255 printable ASCII characters.
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

    outcomes: list[Response | Exception] = []

    def done(*, request_made: dict[str, Any]) -> Response:  # noqa: ARG001 - Powertools finds it by its name
        try:
            outcomes.append(response := work())
        except Exception as error:
            outcomes.append(error)
            raise
        return response

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
    except IdempotencyPersistenceLayerError:
        if not outcomes:
            raise
        log().exception("record not kept", extra={"request_id": request.id})
        return _returned(outcomes[0])
    except IdempotencyValidationError as error:
        raise IdempotencyKeyReused(f"Idempotency-Key {key!r} was used for a request with another body") from error
    except (IdempotencyAlreadyInProgressError, IdempotencyInconsistentStateError) as error:
        raise IdempotencyKeyInUse(
            f"the first request with Idempotency-Key {key!r} is not answered yet; try again"
        ) from error
    return answer


def _returned(outcome: Response | Exception) -> Response:
    """Return the response of the work, or raise its error."""
    if isinstance(outcome, Exception):
        raise outcome
    return outcome


def _key(request: Request) -> str:
    key = request.headers[HEADER].strip()
    if not (0 < len(key) <= LONGEST_KEY and key.isascii() and key.isprintable()):
        raise MalformedHeader(f"Idempotency-Key must be 1 to {LONGEST_KEY} printable ASCII characters")
    return key


class _Records(DynamoDBPersistenceLayer):
    """Powertools' store of records, which knows its own record again."""

    def _put_record(self, data_record: DataRecord) -> None:
        """Store the record of a request that begins. Raise IdempotencyItemAlreadyExistsError if there is one.

        If the response of the first try was lost, botocore's next try finds the record that the first one stored. It
        has the same moment, in milliseconds, at which the function would time out.
        """
        try:
            super()._put_record(data_record)
        except IdempotencyItemAlreadyExistsError as error:
            there = error.old_data_record
            refused: dict[str, Any] = getattr(error.__cause__, "response", {})
            retried = refused.get("ResponseMetadata", {}).get("RetryAttempts", 0) > 0
            same = there and there.in_progress_expiry_timestamp == data_record.in_progress_expiry_timestamp
            if not (retried and same):
                raise


@functools.cache
def _records(client: "DynamoDBClient", table: str) -> DynamoDBPersistenceLayer:
    """Return the store of records in the table. Make one for each client, because it registers hooks there."""
    return _Records(
        table_name=table,
        key_attr="pk",
        sort_key_attr="sk",
        static_pk_value=PARTITION,
        expiry_attr="expires",
        boto3_client=client,
    )


def _packed(response: Response) -> dict[str, Any]:
    """Return the stored form of a response. Without a body that is too large; the work is still not repeated."""
    shown = response.body if response.kept is None else response.kept
    body = base64.b85encode(zlib.compress(shown.encode())).decode()
    stored = body if len(body) <= LARGEST_BODY else ""
    return {"status": response.status, "headers": dict(response.headers), "body": stored}


def _unpacked(stored: dict[str, Any]) -> Response:
    body = zlib.decompress(base64.b85decode(stored["body"])).decode() if stored["body"] else ""
    return Response(stored["status"], body, stored["headers"])
