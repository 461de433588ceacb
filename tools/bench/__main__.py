"""What `make bench` measures.

    make bench                               all of it, syncs of 1,000 to 1,000,000 records: half an hour
    make bench BENCH="syncs 1000 100000"     syncs only, of these sizes
    make bench BENCH="requests starts"       the other two
    make bench BENCH="--rounds 9 --zones 1000" more rounds, the median counts; a list out of so many zones

The tables go to standard output, every figure to tools/bench/results/bench.json, beside what was measured before, and
the times of all syncs there to syncs.svg.
"""

import argparse
import json
import os
import sys
from pathlib import Path
from typing import Any

from primaries import Bind
from stack.home import Home, aws_environment

from bench import plot, requests, starts, syncs
from bench.tenant import Tenant

FIGURES = Path(__file__).with_name("results") / "bench.json"
PARTS = ("syncs", "requests", "starts")


def main() -> int:
    """Measure, print, write."""
    parser = argparse.ArgumentParser(
        prog="bench", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("wanted", nargs="*", help=f"{', '.join(PARTS)}, or numbers of records to sync")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--zones", type=int, default=100_000)
    options = parser.parse_args()
    sizes = [int(each) for each in options.wanted if each.isdigit()] or [1_000, 10_000, 100_000, 1_000_000]
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
    if "requests" in parts:
        with Tenant.of(home) as tenant:
            figures["requests_ms"] = requests.bench(tenant, options.zones)
        keep(figures)
    if "starts" in parts:
        with Tenant.of(home) as tenant:  # another one: to look for an id goes through all that a tenant has
            figures["starts_ms"] = starts.bench(tenant, options.rounds)
        keep(figures)
    return 0


def keep(figures: dict[str, Any]) -> None:
    """Write what is measured so far."""
    FIGURES.write_text(json.dumps(figures, indent=1, sort_keys=True) + "\n")


if __name__ == "__main__":
    sys.exit(main())
