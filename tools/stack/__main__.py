"""The command: `python -m stack up|down|reset|build|logs`."""

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
    """Do what the arguments say; trouble is told in a line, and by the exit code."""
    parser = argparse.ArgumentParser(prog="stack", description="Zonewright on this machine")
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("up", help="start, build and deploy what changed, and wait until the API answers")
    commands.add_parser("down", help="stop; state is kept")
    commands.add_parser("reset", help="stop, and forget all state")
    commands.add_parser("build", help="sam build for this machine")
    commands.add_parser("logs", help="follow what the functions say").add_argument("function", nargs="?", default="")
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
    """Bring the stack to what the sources say. Every step looks first whether it is done."""
    begun = time.monotonic()
    home.path.mkdir(parents=True, exist_ok=True)
    cloud = emulated(home)
    started = cloud.start(
        [sys.executable, str(FOLDER / "emulator.py"), str(home.path), str(home.aws_port), str(home.minute)],
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
        print("Made two users, each with a group and a token", flush=True)
    print(f"Up after {time.monotonic() - begun:.1f} s: {home.url}, credentials in {_shown(home.credentials)}")


def down(home: Home) -> None:
    """Stop what runs, the emulator by asking, so that it saves its state."""
    stopped = [daemon.name for daemon in (sample_primary(home), front(home), emulated(home)) if daemon.stop()]
    print(f"Stopped {' and '.join(stopped)}; state is kept in {_shown(home.path)}" if stopped else "Nothing runs")


def reset(home: Home) -> None:
    """Stop, and remove what this stack keeps; the build stays, for it depends on the sources alone."""
    down(home)
    for name in ("state", "s3", "tmp", "sample"):
        shutil.rmtree(home.path / name, ignore_errors=True)
    for file in (home.credentials, emulated(home).log, front(home).log, sample_primary(home).log):
        file.unlink(missing_ok=True)
    print("All state is gone")


def show_logs(home: Home, function: str) -> None:
    """Follow the logs until interrupted."""
    if not _answers(home.aws_port, "/_ministack/ready"):
        raise Trouble("the stack is not up; `make up` starts it")
    for line in logs.follow(_session(home).client("logs"), emulated(home).log, function):
        print(line, flush=True)


def emulated(home: Home) -> Daemon:
    """MiniStack."""
    return Daemon(home, "emulator", home.aws_port, "ZONEWRIGHT_AWS_PORT")


def sample_primary(home: Home) -> Daemon:
    """The name server that the tour copies a zone from."""
    return Daemon(home, "primary", home.primary_port, "ZONEWRIGHT_PRIMARY_PORT")


def front(home: Home) -> Daemon:
    """The API's front."""
    return Daemon(home, "front", home.port, "ZONEWRIGHT_PORT")


def _session(home: Home) -> "boto3.Session":
    import boto3

    os.environ.pop("AWS_PROFILE", None)
    os.environ |= aws_environment(home)
    return boto3.Session(region_name=REGION)


def _answers(port: int, path: str) -> bool:
    """Whether a GET is answered, by whatever status below 500; MiniStack says 503 until it is ready."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        connection.request("GET", path)
        return connection.getresponse().status < 500
    except OSError:
        return False
    finally:
        connection.close()


def _shown(path: Path) -> str:
    return os.path.relpath(path) if path.is_relative_to(Path.cwd()) else str(path)


if __name__ == "__main__":
    sys.exit(main())
