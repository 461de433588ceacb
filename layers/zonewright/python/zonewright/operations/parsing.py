"""The commands of this folder: their names and options."""

import argparse
import re
from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any

from zonewright.model.connection import Usage
from zonewright.operations import backends, deadletters, deliveries, drift, pools, settings
from zonewright.operations.restore import restore_objects, restore_table
from zonewright.operations.stack import Clients, Stack
from zonewright.operations.trace import zone_trace
from zonewright.protocol.tsig import ALGORITHMS
from zonewright.service import Service

Run = Callable[[Service, Stack, argparse.Namespace], Any]

_MOST_HOURS = 24 * 3653
"""Hours that AWS keeps a log at most: ten years."""


def add(things: Any, client: Clients) -> None:
    """Add the commands to a parser's things. They get clients of AWS from `client`."""
    zone = things.add_parser("zone", help="zones of the running service").add_subparsers(required=True, metavar="VERB")
    command = zone.add_parser("trace", help="print what happened to a zone, in the order of time")
    command.add_argument("name", help="the zone's name, or its id")
    command.add_argument("--hours", type=_hours, default=24, help="how far back (default: 24)")
    _runs(command, client, lambda service, stack, options: zone_trace(service, stack, options.name, options.hours))
    command = zone.add_parser("deliver", help="bring a zone to its name servers now")
    command.add_argument("name", help="the zone's name, or its id")
    command.add_argument("--repair", action="store_true", help="overwrite what differs there, whoever wrote it")
    _runs(command, client, lambda service, _, options: deliveries.deliver(service, options.name, repair=options.repair))
    command = zone.add_parser("drift", help="print what differs at the name servers that a zone is pushed to")
    command.add_argument("name", help="the zone's name, or its id")
    _runs(command, client, lambda service, stack, options: drift.report(service, stack, options.name))
    command = zone.add_parser("backend", help="give a SECONDARY zone a backend, which takes its updates, or none")
    command.add_argument("name", help="the zone's name, or its id")
    one = command.add_mutually_exclusive_group(required=True)
    one.add_argument("backend", nargs="?", type=_backend_id, help="the id of the backend")
    one.add_argument("--none", action="store_true", help="the zone keeps its primary, and takes no record changes")
    _runs(command, client, lambda service, _, options: backends.assign(service, options.name, options.backend))
    command = things.add_parser("deliveries", help="print the zones whose name servers lack something")
    command.add_argument("--error", action="store_true", help="only those in error")
    _runs(command, client, lambda service, _, options: deliveries.listing(service, failed=options.error))
    _add_pool_commands(things.add_parser("pool", help="name servers of zones, and where zones are pushed"), client)
    _add_settings_commands(things.add_parser("settings", help="settings of the running service, in its table"), client)
    _add_backend_commands(things.add_parser("backend", help="name servers that take updates of copied zones"), client)
    letters = things.add_parser("deadletters", help="what asynchronous functions and rules could not do")
    verbs = letters.add_subparsers(required=True, metavar="VERB")
    command = verbs.add_parser("list", help="print all dead letters; they stay")
    _runs(command, client, lambda _, stack, __: deadletters.listing(stack))
    command = verbs.add_parser("redrive", help="do them again, or the one of --id")
    command.add_argument("--id", help="the id of one letter, as list prints it")
    _runs(command, client, lambda _, stack, options: deadletters.redrive(stack, options.id))
    verbs = things.add_parser("restore", help="the state at an earlier moment").add_subparsers(
        required=True, metavar="VERB"
    )
    command = verbs.add_parser("table", help="make the table equal to one that was restored beside it")
    command.add_argument("name", help="the name of the restored table")
    command.add_argument("--dry-run", action="store_true", help="write nothing; print the numbers")
    _runs(command, client, lambda service, _, options: restore_table(service, options.name, dry_run=options.dry_run))
    command = verbs.add_parser("objects", help="restore the objects of contents that were deleted after a moment")
    command.add_argument("moment", type=moment, help="as 2026-11-21T03:00:00Z")
    command.add_argument("--dry-run", action="store_true", help="restore nothing; print the number")
    _runs(
        command, client, lambda service, _, options: restore_objects(service, options.moment, dry_run=options.dry_run)
    )


def _add_settings_commands(things: argparse.ArgumentParser, client: Clients) -> None:
    verbs = things.add_subparsers(required=True, metavar="VERB")
    command = verbs.add_parser("apply", help="make the settings as a file says; what it leaves out stays as it is")
    command.add_argument("file", help="a settings file, YAML or JSON")
    command.add_argument("--dry-run", action="store_true", help="write nothing; print the differences")
    _runs(command, client, lambda service, _, options: settings.apply(service, options.file, dry_run=options.dry_run))
    command = verbs.add_parser("show", help="print all settings, as a settings file in YAML")
    _runs(command, client, lambda service, _, __: settings.show(service))


def _add_pool_commands(pool: argparse.ArgumentParser, client: Clients) -> None:
    verbs = pool.add_subparsers(required=True, metavar="VERB")
    command = verbs.add_parser("apply", help="make the pools as a file says")
    command.add_argument("file", help="a pool file, YAML or JSON")
    command.add_argument("--dry-run", action="store_true", help="write nothing; print the differences")
    _runs(command, client, lambda service, _, options: pools.apply(service, options.file, dry_run=options.dry_run))
    _runs(verbs.add_parser("list", help="list the pools"), client, lambda service, _, __: pools.listing(service))
    for verb, run in (("show", pools.show), ("delete", pools.delete)):
        command = verbs.add_parser(verb, help=f"{verb} a pool" + (" without zones" if verb == "delete" else ""))
        command.add_argument("name", help="the pool's name, or its id")
        _runs(command, client, partial(_named, run))


def _add_backend_commands(backend: argparse.ArgumentParser, client: Clients) -> None:
    verbs = backend.add_subparsers(required=True, metavar="VERB")
    command = verbs.add_parser("set", help="create a backend, or change the one of this id")
    command.add_argument("id", type=_backend_id, help="letters, digits, dots, hyphens and underscores, at most 64")
    for prefix, what in (("", "updates and transfers"), ("transfer-", "transfers, if it is another one")):
        command.add_argument(f"--{prefix}server", required=not prefix, help=f"host or host:port for {what}")
        command.add_argument(f"--{prefix}key-name", help="the name of the TSIG key there")
        command.add_argument(f"--{prefix}key-file", help="a file with the key in base64, or - for standard input")
        command.add_argument(f"--{prefix}algorithm", choices=ALGORITHMS, help=f"default: {backends.ALGORITHM}")
    command.add_argument(
        "--usage", choices=[str(each) for each in Usage], default=str(Usage.ALWAYS), help="what is signed (%(default)s)"
    )
    command.add_argument("--default", action="store_true", help="make it the backend of zones that name none")
    _runs(command, client, lambda service, _, options: backends.put(service, options))
    _runs(
        verbs.add_parser("list", help="list the backends, without keys"),
        client,
        lambda service, _, __: backends.listing(service),
    )
    command = verbs.add_parser("delete", help="delete a backend that no zone has")
    command.add_argument("name", help="the id of the backend")
    _runs(command, client, partial(_named, backends.delete))


def _backend_id(text: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9._-]{1,64}", text, re.ASCII):
        raise argparse.ArgumentTypeError("has letters, digits, dots, hyphens and underscores, at most 64")
    return text


def _named(run: Callable[[Service, str], Any], service: Service, _: Stack, options: argparse.Namespace) -> Any:
    return run(service, options.name)


def _hours(text: str) -> float:
    hours = float(text)
    if not 0 < hours <= _MOST_HOURS:
        raise argparse.ArgumentTypeError(f"{text} is not above 0, and at most {_MOST_HOURS}")
    return hours


def moment(text: str) -> datetime:
    """Return a time in ISO 8601 with its zone. Raise ArgumentTypeError."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from error
    if found.tzinfo is None:
        raise argparse.ArgumentTypeError(f"{text} has no time zone, such as Z")
    return found


def _runs(command: argparse.ArgumentParser, client: Clients, run: Run) -> None:
    """Set what a command does. It gets the stack that `--stack` names."""
    command.set_defaults(run=partial(_run, run, client))


def _run(run: Run, client: Clients, service: Service, options: argparse.Namespace) -> Any:
    return run(service, Stack(options.stack, client), options)
