"""Paths into the repository."""

from pathlib import Path

import zonewright

ROOT = Path(__file__).resolve().parents[2]
EVENTS = ROOT / "events"
FUNCTIONS = ROOT / "functions"
PACKAGE = Path(zonewright.__file__).parent
STATE_MACHINE = FUNCTIONS / "sync/statemachine.asl.yaml"
