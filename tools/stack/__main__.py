"""Command of the local stack: `python -m stack up|down|reset|build|logs`."""

import argparse
import http.client
import os
import shutil
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from stack import credentials, deployment, emulator, logs, routes
from stack.daemon import Daemon
from stack.home import REGION, Home, Trouble, aws_environment, clean_environment

if TYPE_CHECKING:
    import boto3

FOLDER = Path(__file__).resolve().parent


def main() -> int:
    """Run the command. Return the exit code: 0 for success, 1 for Trouble, which is printed."""
    parser = argparse.ArgumentParser(prog="stack", description="Zonewright on this machine")
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("up", help="start the stack, build and deploy changes, and wait for the API")
    commands.add_parser("down", help="stop the stack and keep its state")
    commands.add_parser("reset", help="stop the stack and delete its state")
    commands.add_parser("build", help="run sam build for this machine")
    commands.add_parser("logs", help="follow the logs of the functions").add_argument("function", nargs="?", default="")
    arguments = parser.parse_args()
    try:
        home = Home.from_environment(os.environ)
        match arguments.command:
            case "up":
                up(home)
            case "down":
                down(home)
            case "reset":
                reset(home)
            case "build":
                deployment.build()
            case "logs":
                show_logs(home, arguments.function)
    except Trouble as trouble:
        print(trouble, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


def up(home: Home) -> None:
    """Start the stack and deploy the sources. Steps that are done already are skipped."""
    begun = time.monotonic()
    home.path.mkdir(parents=True, exist_ok=True)
    cloud = emulated(home)
    started = cloud.start(
        [
            *(sys.executable, str(FOLDER / "emulator.py"), str(home.path), str(home.aws_port), str(home.minute)),
            *(str(home.faults), str(home.seed), str(home.concurrency), str(home.index_delay)),
        ],
        clean_environment() | emulator.settings(home.path, home.aws_port),
    )
    if started:
        print(f"Starting MiniStack on 127.0.0.1:{home.aws_port}", flush=True)
    digest = deployment.build()
    session = _session(home)
    cloud.wait(lambda: _answers(home.aws_port, "/_ministack/ready"))
    cloudformation: Any = session.client("cloudformation")
    deployment.deploy(home, cloudformation, session.client("s3"), digest)
    api, wanted = routes.wanted(cloudformation)
    routes.put(session.client("apigatewayv2"), api, wanted)
    door = front(home)
    door.start(
        [sys.executable, str(FOLDER / "front.py"), str(home.port), f"{home.aws_url}/_aws/execute-api/{api}/$default"],
        clean_environment(),
    )
    door.wait(lambda: _answers(home.port, "/"))
    if credentials.ensure(home):
        print("Created two users, each with a group and a token", flush=True)
    print(f"Up after {time.monotonic() - begun:.1f} s: {home.url}, credentials in {_shown(home.credentials)}")


def down(home: Home) -> None:
    """Stop the stack. The emulator gets a signal, so that it saves its state."""
    stopped = [daemon.name for daemon in (sample_primary(home), front(home), emulated(home)) if daemon.stop()]
    print(f"Stopped {' and '.join(stopped)}; state is kept in {_shown(home.path)}" if stopped else "Nothing runs")


def reset(home: Home) -> None:
    """Stop the stack and delete its state. The build stays, because it depends only on the sources."""
    down(home)
    for name in ("state", "s3", "tmp", "sample"):
        shutil.rmtree(home.path / name, ignore_errors=True)
    for file in (home.credentials, home.operator, emulated(home).log, front(home).log, sample_primary(home).log):
        file.unlink(missing_ok=True)
    print("Deleted all state")


def show_logs(home: Home, function: str) -> None:
    """Print the logs until interrupted. Raise Trouble if the stack does not run."""
    if not _answers(home.aws_port, "/_ministack/ready"):
        raise Trouble("the stack does not run; `make up` starts it")
    for line in logs.follow(_session(home).client("logs"), emulated(home).log, function):
        print(line, flush=True)


def emulated(home: Home) -> Daemon:
    """Return the daemon of MiniStack."""
    return Daemon(home, "emulator", home.aws_port, "ZONEWRIGHT_AWS_PORT")


def sample_primary(home: Home) -> Daemon:
    """Return the daemon of the sample primary, from which the tour copies a zone."""
    return Daemon(home, "primary", home.primary_port, "ZONEWRIGHT_PRIMARY_PORT")


def front(home: Home) -> Daemon:
    """Return the daemon of the API's front."""
    return Daemon(home, "front", home.port, "ZONEWRIGHT_PORT")


def _session(home: Home) -> "boto3.Session":
    import boto3

    os.environ.pop("AWS_PROFILE", None)
    os.environ |= aws_environment(home)
    return boto3.Session(region_name=REGION)


def _answers(port: int, path: str) -> bool:
    """Return whether a GET has a response with a status below 500. MiniStack sends 503 until it is ready."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        connection.request("GET", path)
        return connection.getresponse().status < 500
    except OSError:
        return False
    finally:
        connection.close()


def _shown(path: Path) -> str:
    """Return the path as text, relative to the current folder if it is inside."""
    return os.path.relpath(path) if path.is_relative_to(Path.cwd()) else str(path)


if __name__ == "__main__":
    sys.exit(main())
