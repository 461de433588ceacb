"""List prices of AWS in us-east-1, in dollars, as its pages said in 2026-11: https://aws.amazon.com/SERVICE/pricing.

Free allowances are left out, because they are those of an account and not of a service. They are in `FREE`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Price:
    """One line of a bill. `dollars` are for one unit; `shown` is the price as AWS says it, `spent` a field of Spent."""

    dollars: float
    shown: str
    spent: str = ""


_GB = 1e-9

PRICES: Mapping[str, Price] = {
    "Lambda: time, arm64": Price(0.0000133334, "$0.0000133334 a GB-s, of starts too", "gb_seconds"),
    "Lambda: invocations": Price(0.20e-6, "$0.20 a million", "invocations"),
    "Step Functions: transitions": Price(25e-6, "$25 a million; the start counts as one", "transitions"),
    "API Gateway: requests": Price(1.00e-6, "$1 a million, of 512 KB each", "http_requests"),
    "DynamoDB: write units": Price(0.625e-6, "$0.625 a million; since 2024-11", "write_units"),
    "DynamoDB: read units": Price(0.125e-6, "$0.125 a million; since 2024-11", "read_units"),
    "S3: writes and lists": Price(5e-6, "$5 a million", "s3_writes"),
    "S3: reads": Price(0.40e-6, "$0.40 a million", "s3_reads"),
    "EventBridge: objects written or deleted": Price(1.00e-6, "$1 a million events of S3", "s3_changes"),
    "EventBridge: events of zones": Price(1.00e-6, "$1 a million", "events"),
    "EventBridge: minutes of the schedule": Price(1.00e-6, "$1 a million", "minutes"),
    "KMS: requests": Price(3e-6, "$0.03 for 10,000", "kms_requests"),
    "CloudWatch: logs": Price(0.50 * _GB, "$0.50 a GB", "log_octets"),
    "CloudWatch: own metrics": Price(0.30, "$0.30 a month, by the hour with values", "metrics"),
    "CloudWatch: alarms": Price(0.10, "$0.10 a month", "alarms"),
    "CloudWatch: dashboard": Price(3.00, "$3 a month", "dashboards"),
    "KMS: key": Price(1.00, "$1 a month, $1 more after each of two rotations", "keys"),
}
"""What a bill has for work, and for a month. Lambda reads streams of DynamoDB for nothing, and rules of EventBridge run
by their schedules, and get the events of Step Functions, for nothing."""

KEPT: Mapping[str, Price] = {
    "S3: storage": Price(0.023 * _GB, "$0.023 a GB", "bucket_octets"),
    "DynamoDB: storage": Price(0.25 * _GB, "$0.25 a GB", "table_octets"),
    "DynamoDB: point-in-time recovery": Price(0.20 * _GB, "$0.20 a GB", "table_octets"),
    "CloudWatch: stored logs": Price(0.03 * _GB, "$0.03 a GB, packed", "log_octets"),
}
"""What a bill has each month for what is kept."""

FREE: Mapping[str, float] = {
    "Lambda: time, arm64": 400_000,
    "Lambda: invocations": 1_000_000,
    "Step Functions: transitions": 4_000,
    "EventBridge: minutes of the schedule": 14_000_000,
    "KMS: requests": 20_000,
    "CloudWatch: logs": 5e9,
    "CloudWatch: own metrics": 10,
    "CloudWatch: alarms": 10,
    "CloudWatch: dashboard": 3,
}
"""Units that each account has free every month, for good."""

_SERVICES = ("Lambda", "Step Functions", "S3", "DynamoDB", "API Gateway", "KMS", "CloudWatch", "EventBridge")


def quantities(spent: Mapping[str, Any]) -> dict[str, float]:
    """Return the units of each line of a bill, from the fields of `Spent` and those of a month."""
    found = {**spent, "s3_changes": spent.get("s3_writes", 0) + spent.get("s3_deletes", 0)}
    return {name: float(found.get(price.spent, 0)) for name, price in PRICES.items()}


def bill(spent: Mapping[str, Any], *, free: bool = False) -> dict[str, float]:
    """Return the dollars of each line, without what an account has free if `free` is set."""
    units = quantities(spent)
    return {
        name: max(0.0, units[name] - (FREE.get(name, 0) if free else 0)) * price.dollars
        for name, price in PRICES.items()
    }


def dollars(spent: Mapping[str, Any]) -> dict[str, float]:
    """Return the dollars for the costs of a step, by service."""
    lines = bill(spent)
    return {
        service: sum(cost for name, cost in lines.items() if name.startswith(f"{service}:")) for service in _SERVICES
    }
