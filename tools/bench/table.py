"""Tables of the measured medians in Markdown, for docs/performance.md."""

import statistics
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

STEPS = {
    "dig": "`dig axfr`",
    "first": "first sync",
    "unchanged": "unchanged",
    "dry": "dry run",
    "axfr": "1 % by AXFR",
    "ixfr": "1 % by IXFR",
    "near": "1 % in one place, IXFR",
    "scheduled": "scheduled, unchanged",
    "import": "import",
    "export": "export",
}
COMPARED = ("first", "unchanged", "dry", "axfr", "ixfr", "near")
PEERS = {1_000: 1.0, 10_000: 10.0, 100_000: 360.0}
"""Seconds of a sync that VinylDNS publishes, by number of records."""

SPENT: dict[str, Callable[[dict[str, Any]], str]] = {
    "processor": lambda spent: f"{sum(spent['cpu'].values()):.2f} s",
    "Lambda": lambda spent: f"{spent['gb_seconds']:.2f} GB-s",
    "transitions": lambda spent: f"{spent['transitions']:.0f}",
    "S3 writes": lambda spent: f"{spent['s3_writes']:.0f}",
    "S3 reads": lambda spent: f"{spent['s3_reads']:.0f}",
    "S3": lambda spent: f"{spent['octets'] / 1e6:.2f} MB",
    "write units": lambda spent: f"{spent['write_units']:.0f}",
    "read units": lambda spent: f"{spent['read_units']:.1f}",
}


def syncs(found: Mapping[str, Any]) -> Iterator[str]:
    """Yield the lines of two tables: the seconds of all steps, with the ratio to `dig`, and the costs of all steps."""
    steps = [step for step in STEPS if any(step in one["seconds"] for one in found.values())]
    yield from _head(["records", *map(STEPS.get, steps), "VinylDNS publishes"])
    for size, one in found.items():
        peer = f"{PEERS[int(size)]:g} s" if int(size) in PEERS else "-"
        yield _row([f"{int(size):,}", *(_timed(one, step) for step in steps), peer])
    yield ""
    yield from _head(["records", "step", *SPENT, "dollars", "of which Lambda, Step Functions, S3, the rest"])
    for size, one in found.items():
        for step in filter(one["spent"].get, steps):
            spent = one["spent"][step]
            yield _row([f"{int(size):,}", STEPS[step], *(show(spent) for show in SPENT.values()), *_dollars(spent)])


def signed(found: Mapping[str, Any]) -> Iterator[str]:
    """Yield the lines of a table: what a record takes in a zone without signatures, and in a signed one."""
    yield from _head(["records, without and with signatures", "step", "time", "signed", "processor", "signed"])
    for kinds in found.values():
        records = {kind: one["records"] for kind, one in kinds.items()}
        for step in ("first", "unchanged"):
            cells = []
            for measure in (seconds, _processor):
                taken = {kind: 1e6 * (measure(one, step) or 0) / records[kind] for kind, one in kinds.items()}
                cells += [f"{taken['plain']:.1f} us", f"{taken['signed']:.1f} us"]
                cells[-1] += f" ({taken['signed'] / taken['plain']:.2f} x)"
            yield _row([f"{records['plain']:,} and {records['signed']:,}", STEPS[step], *cells])


def _processor(one: Mapping[str, Any], step: str) -> float:
    return sum(one["spent"][step]["cpu"].values())


def seconds(one: Mapping[str, Any], step: str) -> float | None:
    """Return the median of a step's seconds, or None if the step was not measured."""
    return statistics.median(one["seconds"][step]) if step in one["seconds"] else None


def _timed(one: Mapping[str, Any], step: str) -> str:
    taken, dig = seconds(one, step), seconds(one, "dig")
    if taken is None:
        return "-"
    if not dig or step not in COMPARED:
        return f"{taken:.2f} s"
    ratio = taken / dig
    return f"{taken:.2f} s ({ratio:.{0 if ratio >= 2 else 1}f} x)"


def _dollars(spent: Mapping[str, Any]) -> list[str]:
    parts = dict(spent["dollars"])
    shown = [parts.pop(service) for service in ("Lambda", "Step Functions", "S3")] + [sum(parts.values())]
    return [f"{sum(spent['dollars'].values()):.6f}", ", ".join(f"{part:.6f}" for part in shown)]


def _head(cells: Sequence[str | None]) -> list[str]:
    return [_row(cells), _row(["---"] * len(cells))]


def _row(cells: Sequence[str | None]) -> str:
    return f"| {' | '.join(map(str, cells))} |"
