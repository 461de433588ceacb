"""Command of the bench.

    make bench                               measure everything; syncs have 1,000 to 1,000,000 records (half an hour)
    make bench BENCH="syncs 1000 100000"     measure syncs of these sizes only
    make bench BENCH="signed 50000"          measure a signed zone of this size only
    make bench BENCH="requests starts"       measure requests and starts only
    make bench BENCH="queries 100000"        measure queries in a zone of this size
    make bench BENCH=costs                   count what looks, a first sync and an idle month cost
    make bench BENCH=memory                  measure what functions need, and compute memory sizes
    make bench BENCH="push 10000"            measure deliveries of one record set, and of this many
    make bench BENCH=neighbours              measure a tenant's latency beside a hostile one
    make bench BENCH="--rounds 9 --zones 1000" measure 9 rounds, and lists of 1,000 zones

The tables go to standard output. All figures go to tools/bench/results/bench.json, and replace older figures of the
same size. The times of all syncs in that file are drawn in syncs.svg.
"""

import argparse
import json
import os
import sys
from pathlib import Path
from typing import Any

from primaries import Bind
from stack.home import Home, aws_environment

from bench import costs, memory, neighbours, plot, push, queries, requests, signed, starts, syncs
from bench.tenant import Tenant

FIGURES = Path(__file__).with_name("results") / "bench.json"
PARTS = ("syncs", "signed", "requests", "queries", "starts", "costs", "memory", "push", "neighbours")
LARGE = (100_000, 1_000_000)
PUSHED = (10_000, 100_000)


def main() -> int:
    """Measure, print the tables, and write the figures. Return the exit code."""
    parser = argparse.ArgumentParser(
        prog="bench", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("wanted", nargs="*", help=f"{', '.join(PARTS)}, or numbers of records (default: all)")
    parser.add_argument("--rounds", type=int, default=5, help="rounds of syncs and starts; tables show the median")
    parser.add_argument("--zones", type=int, default=100_000, help="zones of the tenant whose zones are listed")
    options = parser.parse_args()
    asked = [int(each) for each in options.wanted if each.isdigit()]
    sizes = asked or [1_000, 10_000, 100_000, 1_000_000]
    parts = [part for part in PARTS if part in options.wanted] or (["syncs"] if options.wanted else PARTS)
    unknown = [each for each in options.wanted if each not in PARTS and not each.isdigit()]
    if unknown:
        parser.error(f"{unknown[0]} is neither one of {', '.join(PARTS)} nor a number")
    if not Bind.available():
        print("make bench needs BIND: apt-get install bind9 bind9-dnsutils", file=sys.stderr)
        return 1
    home = Home.from_environment(os.environ)
    os.environ |= aws_environment(home)
    figures: dict[str, Any] = json.loads(FIGURES.read_text()) if FIGURES.is_file() else {}
    if "syncs" in parts:
        figures["syncs"] = figures.get("syncs", {}) | syncs.bench(home, sorted(sizes), options.rounds)
        plot.draw(figures["syncs"], FIGURES.with_name("syncs.svg"))
        keep(figures)
    if "signed" in parts:
        figures["signed"] = figures.get("signed", {}) | signed.bench(home, sorted(sizes), options.rounds)
        keep(figures)
    if "requests" in parts:
        with Tenant.of(home) as tenant:
            figures["requests_ms"] = requests.bench(tenant, options.zones)
        keep(figures)
    if "queries" in parts:
        large = asked or LARGE
        figures["queries_ms"] = figures.get("queries_ms", {}) | queries.bench(sorted(large), options.rounds)
        keep(figures)
    if "starts" in parts:
        with Tenant.of(home) as tenant:  # a new tenant, because a search for an id reads all zones of a tenant
            figures["starts_ms"] = starts.bench(tenant, options.rounds)
        keep(figures)
    if "costs" in parts:
        figures["costs"] = costs.bench(home)
        keep(figures)
    if "memory" in parts:
        figures["memory"] = memory.bench(home)
        keep(figures)
    if "push" in parts:
        figures["push"] = figures.get("push", {}) | push.bench(home, sorted(asked or PUSHED), options.rounds)
        keep(figures)
    if "neighbours" in parts:
        figures["neighbours_ms"] = neighbours.bench(home)
        keep(figures)
    return 0


def keep(figures: dict[str, Any]) -> None:
    """Write the figures measured so far."""
    FIGURES.write_text(json.dumps(figures, indent=1, sort_keys=True) + "\n")


if __name__ == "__main__":
    sys.exit(main())
