"""Payloads: how large the event and the response of a function may be, and what a caller of the API hears beyond.

Lambda takes and returns at most 6 MB of JSON. In the event of a request the body is a string: text with its quotes and
line ends escaped, and anything else in base64. MiniStack passes on any size.
"""

import json
import types
from typing import Any

MOST = 6 * 1024 * 1024 + 100
"""Octets of the largest event, and of the largest response."""

_SURE = MOST // 6
"""Characters of a body that fits in any case: JSON writes at most six octets for one."""

_TOO_LONG = "tooLong"


def octets(value: Any) -> int:
    """Return the size of an event or a response, or 0 if its body is short."""
    body = value.get("body") if isinstance(value, dict) else None
    if not isinstance(body, str) or len(body) <= _SURE:
        return 0
    return len(json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode())


def bound(service: types.ModuleType) -> None:
    """Refuse events and responses that are too large, as Lambda does, and answer as an HTTP API does then."""
    execute, shape = service._execute_function, service.lambda_execute_result_to_api_proxy_response  # noqa: SLF001

    def executed(function: Any, event: Any) -> Any:
        if octets(event) > MOST:
            problem = f"Request must be smaller than {MOST} bytes for the InvokeFunction operation"
            return {"error": True, "log": "", _TOO_LONG: True, "body": {"errorMessage": problem}}
        result = execute(function, event)
        if octets(result.get("body")) > MOST:
            problem = f"Response payload size exceeded maximum allowed payload size ({MOST} bytes)."
            error = {"errorType": "Function.ResponseSizeTooLarge", "errorMessage": problem}
            return {**result, "error": True, "body": error}
        return result

    def shaped(result: dict[str, Any]) -> Any:
        if result.get(_TOO_LONG):
            return _said(413, "Request Too Long"), None
        if result.get("error") and not result.get("throttle"):
            return _said(500, "Internal Server Error"), None
        return shape(result)

    service._execute_function = executed  # type: ignore[attr-defined] # noqa: SLF001
    service.lambda_execute_result_to_api_proxy_response = shaped  # type: ignore[attr-defined]


def _said(status: int, message: str) -> dict[str, Any]:
    body = json.dumps({"message": message}, separators=(",", ":"))
    return {"statusCode": status, "headers": {"Content-Type": "application/json"}, "body": body}
