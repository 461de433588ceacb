"""DynamoDB's typed form of items: `{"n": {"N": "1"}}` is `{"n": 1}` here.

Values are str, int, bool, bytes, None, list and dict.
"""

from base64 import b64decode
from collections.abc import Mapping
from typing import Any


def encode(value: Any) -> dict[str, Any]:
    """Return a value in DynamoDB's typed form. Raise TypeError for a value that no item may hold."""
    match value:
        case None:
            return {"NULL": True}
        case bool():
            return {"BOOL": value}
        case str():
            return {"S": str(value)}
        case int():
            return {"N": str(value)}
        case bytes():
            return {"B": value}
        case dict():
            return {"M": encode_item(value)}
        case list() | tuple():
            return {"L": [encode(each) for each in value]}
    raise TypeError(f"{type(value).__name__} has no place in an item")


def decode(typed: Mapping[str, Any]) -> Any:
    """Return the value that `encode` encoded."""
    ((kind, value),) = typed.items()
    match kind:
        case "NULL":
            return None
        case "N":
            return int(value)
        case "M":
            return decode_item(value)
        case "L":
            return [decode(each) for each in value]
        case "B":
            return b64decode(value) if isinstance(value, str) else bytes(value)  # the stream's events are JSON
    return value


def encode_item(item: Mapping[str, Any]) -> dict[str, Any]:
    """Return an item in DynamoDB's typed form."""
    return {name: encode(value) for name, value in item.items()}


def decode_item(item: Mapping[str, Any]) -> dict[str, Any]:
    """Return the item that `encode_item` encoded."""
    return {name: decode(value) for name, value in item.items()}
