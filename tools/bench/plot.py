"""Plot of the times of syncs in SVG: seconds over records, both on logarithmic scales."""

import math
from collections.abc import Iterator, Mapping, Sequence
from html import escape
from pathlib import Path
from typing import Any

from bench.table import PEERS, STEPS, seconds

Points = Sequence[tuple[float, float]]

WIDTH, HEIGHT = 760, 460
LEFT, RIGHT, TOP, BOTTOM = 60, 250, 34, 46
COLOURS = ("#1b6ca8", "#d1495b", "#2a9d4a", "#b8860b", "#7b4fa3", "#00858a", "#c2571a", "#666666")
DASHES = ("2 3", "9 4")
LEFT_OUT = ("dig", "import", "export")
SPACE = "http://www.w3.org/2000/svg"


def draw(figures: Mapping[str, Any], file: Path) -> None:
    """Draw a line for every step of syncs. Draw the times of `dig` and those that VinylDNS publishes as limits."""

    def line(step: str) -> Points:
        taken = ((int(size), seconds(one, step)) for size, one in figures.items())
        return [(size, each) for size, each in taken if each is not None]

    shown = [step for step in STEPS if step not in LEFT_OUT and line(step)]
    limits = {"dig axfr": line("dig"), "VinylDNS publishes": list(PEERS.items())}
    file.write_text(svg("Seconds until a sync is over", {STEPS[step]: line(step) for step in shown}, limits))


def svg(title: str, lines: Mapping[str, Points], limits: Mapping[str, Points]) -> str:
    """Return the plot as SVG. `lines` are named in the legend, `limits` are grey, dotted and dashed."""
    everything = [point for points in (*lines.values(), *limits.values()) for point in points]
    scale = _Scale.over(everything)
    parts = [
        f'<svg xmlns="{SPACE}" viewBox="0 0 {WIDTH} {HEIGHT}" font-family="sans-serif" font-size="12">',
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="white"/>',
        f'<text x="{LEFT}" y="20" font-weight="bold">{escape(title)}</text>',
        *scale.grid(),
    ]
    marks = [
        (name, points, COLOURS[number % len(COLOURS)], "none") for number, (name, points) in enumerate(lines.items())
    ]
    marks += [(name, points, "#666666", dash) for (name, points), dash in zip(limits.items(), DASHES, strict=True)]
    for number, (name, points, colour, dash) in enumerate(marks):
        y = TOP + 10 + 20 * number
        x = WIDTH - RIGHT + 16
        style = f'fill="none" stroke="{colour}" stroke-width="2" stroke-dasharray="{dash}"'
        spots = [scale.at(*point) for point in sorted(points)]
        parts.append(f'<polyline points="{" ".join(f"{a:.1f},{b:.1f}" for a, b in spots)}" {style}/>')
        parts += [f'<circle cx="{a:.1f}" cy="{b:.1f}" r="3" fill="{colour}"/>' for a, b in spots]
        parts.append(f'<line x1="{x}" y1="{y}" x2="{x + 24}" y2="{y}" {style}/>')
        parts.append(f'<text x="{x + 30}" y="{y + 4}">{escape(name)}</text>')
    return "\n".join([*parts, "</svg>", ""])


class _Scale:
    """Positions of points. The axes begin and end at powers of ten."""

    def __init__(self, low: tuple[int, int], high: tuple[int, int]) -> None:
        self.low = low
        self.high = high

    @classmethod
    def over(cls, points: Points) -> "_Scale":
        """Return a scale that has room for all points."""
        edges = [
            (math.floor(math.log10(min(each))), math.ceil(math.log10(max(each)))) for each in zip(*points, strict=True)
        ]
        return cls((edges[0][0], edges[1][0]), (max(edges[0][1], edges[0][0] + 1), max(edges[1][1], edges[1][0] + 1)))

    def at(self, records: float, seconds: float) -> tuple[float, float]:
        """Return the position of a point: across and down, in units of the picture."""
        across = (math.log10(records) - self.low[0]) / (self.high[0] - self.low[0])
        up = (math.log10(seconds) - self.low[1]) / (self.high[1] - self.low[1])
        return LEFT + across * (WIDTH - LEFT - RIGHT), HEIGHT - BOTTOM - up * (HEIGHT - TOP - BOTTOM)

    def grid(self) -> Iterator[str]:
        """Yield a line and a label at every power of ten, and the names of the axes."""
        for power in range(self.low[0], self.high[0] + 1):
            x, bottom = self.at(10**power, 10.0 ** self.low[1])
            yield f'<line x1="{x:.1f}" y1="{TOP}" x2="{x:.1f}" y2="{bottom:.1f}" stroke="#dddddd"/>'
            yield f'<text x="{x:.1f}" y="{bottom + 16:.1f}" text-anchor="middle">{10**power:,}</text>'
        for power in range(self.low[1], self.high[1] + 1):
            left, y = self.at(10.0 ** self.low[0], 10.0**power)
            right, _ = self.at(10.0 ** self.high[0], 1)
            yield f'<line x1="{left:.1f}" y1="{y:.1f}" x2="{right:.1f}" y2="{y:.1f}" stroke="#dddddd"/>'
            yield f'<text x="{left - 6:.1f}" y="{y + 4:.1f}" text-anchor="end">{10.0**power:g} s</text>'
        yield f'<text x="{(LEFT + WIDTH - RIGHT) / 2}" y="{HEIGHT - 8}" text-anchor="middle">records in the zone</text>'
