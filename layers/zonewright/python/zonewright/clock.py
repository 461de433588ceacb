"""Moments as the service stores and compares them: UTC, microseconds, ISO 8601 text."""

from datetime import UTC, datetime

EPOCH = datetime.fromtimestamp(0, UTC)


def to_text(moment: datetime) -> str:
    """The stored form, `2026-11-21T10:04:11.250000Z`: sorts as time does."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def from_text(text: str) -> datetime:
    """Read back what `to_text` wrote."""
    return datetime.strptime(text, "%Y-%m-%dT%H:%M:%S.%fZ").replace(tzinfo=UTC)


def epoch(moment: datetime) -> int:
    """Whole seconds since 1970, the form of leases and expiry attributes."""
    return int(moment.timestamp())
