"""The commands of this folder: their names and options."""

import argparse
from collections.abc import Callable
from functools import partial
from typing import Any

from zonewright.operations import deadletters
from zonewright.operations.stack import Clients, Stack
from zonewright.operations.trace import zone_trace
from zonewright.service import Service

Run = Callable[[Service, Stack, argparse.Namespace], Any]


def add(things: Any, client: Clients) -> None:
    """Add the commands to a parser's things. They get clients of AWS from `client`."""
    zone = things.add_parser("zone", help="zones of the running service").add_subparsers(required=True, metavar="VERB")
    command = zone.add_parser("trace", help="print what happened to a zone, in the order of time")
    command.add_argument("name", help="the zone's name, or its id")
    command.add_argument("--hours", type=float, default=24, help="how far back (default: 24)")
    _runs(command, client, lambda service, stack, options: zone_trace(service, stack, options.name, options.hours))
    letters = things.add_parser("deadletters", help="what asynchronous functions and rules could not do")
    verbs = letters.add_subparsers(required=True, metavar="VERB")
    command = verbs.add_parser("list", help="print all dead letters; they stay")
    _runs(command, client, lambda _, stack, __: deadletters.listing(stack))
    command = verbs.add_parser("redrive", help="do them again, or the one of --id")
    command.add_argument("--id", help="the id of one letter, as list prints it")
    _runs(command, client, lambda _, stack, options: deadletters.redrive(stack, options.id))


def _runs(command: argparse.ArgumentParser, client: Clients, run: Run) -> None:
    """Set what a command does. It gets the stack that `--stack` names."""
    command.set_defaults(run=partial(_run, run, client))


def _run(run: Run, client: Clients, service: Service, options: argparse.Namespace) -> Any:
    return run(service, Stack(options.stack, client), options)
