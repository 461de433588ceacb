"""Emulator: MiniStack as AWS on loopback, with its state on disk and thirteen patches.

Run it as a script (`emulator.py HOME PORT MINUTE FAULTS SEED MOST LATE`), so that the processes of functions do not get
this Python path. The patches of MiniStack 1.5.33 are:

1. An error of a function has the name of its class, and the death of a process has the name `Runtime.ExitError`, as in
   Lambda. The state machine retries and catches errors by name. MiniStack calls all of them `Runtime.HandlerError`. If
   one process of a function does not start, MiniStack also ends the others.
2. A zip of code or of a layer is unpacked once and shared, as Lambda mounts /var/task and /opt. MiniStack unpacks each
   zip for every process. That takes a second of two cores at each cold start.
3. A function runs on a bare Python and finds only its layers. MiniStack runs it on its own Python, which also finds
   packages that are missing from the layers.
4. The definition of a state machine may be YAML, as in CloudFormation. MiniStack expects JSON.
5. `aws:SecureTransport` is true, as for HTTPS calls to AWS. Calls to MiniStack use plain HTTP.
6. A query of an index reads only its page (`indexes.py`). MiniStack reads the whole partition for every page.
7. A schedule fires on time. MiniStack checks schedules every ten seconds. MINUTE is the length of a minute of a rate,
   in seconds, so that tests wait less.
8. The name of a log stream contains the name of the function, as in a log group that functions share. MiniStack's
   names do not.
9. Conditions of policies about partition keys and encryption contexts are checked, and a missing object is denied to a
   function that may not list the bucket (`rights.py`). MiniStack checks neither.
10. At most MOST functions run at once, and what is refused then is told, and tried again, as in AWS (`concurrency.py`).
11. An event or a response of more than 6 MB is refused (`payloads.py`).
12. A query of an index does not show what was written in the last LATE milliseconds (`lateness.py`).
13. `DescribeStackResources` returns the first hundred resources of a stack, as in AWS. MiniStack returns all.

The calls of functions to AWS are counted (`meter.py`). FAULTS is the share of them that fail, as SEED decides
(`faults.py`).
"""

import hashlib
import json
import os
import shutil
import sys
import tempfile
import threading
import types
import zipfile
from pathlib import Path
from typing import Any

DEATHS = ("Worker process died", "Worker process exited immediately", "Worker returned no response", "[Errno 32]")
"""Starts of MiniStack's messages for a dead process of a function. 32 is a broken pipe."""


def settings(home: Path, port: int) -> dict[str, str]:
    """Return MiniStack's variables: one port, on loopback, and state under `home`."""
    return {
        "BIND_HOST": "127.0.0.1",
        "GATEWAY_PORT": str(port),
        "MINISTACK_HOST": "127.0.0.1",
        "MINISTACK_REGION": "us-east-1",
        "PERSIST_STATE": "1",
        "STATE_DIR": str(home / "state"),
        "S3_PERSIST": "1",
        "S3_DATA_DIR": str(home / "s3"),
        "TMPDIR": str(home / "tmp"),
        "IOT_MTLS_ENABLED": "0",
        "SFTP_ENABLED": "0",
        "AUTH": "true",  # enforce IAM, so that a function has only the permissions of the template
        "LAMBDA_EXECUTOR": "local",
        "LOG_LEVEL": "INFO",
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "DOCKER_HOST": f"unix://{home}/no-docker.sock",
    }


def name_errors(worker: types.ModuleType, service: types.ModuleType) -> None:
    """Set the `errorType` of an invocation to the class name of the exception, or to the name of a death."""
    script: str = worker._PYTHON_WORKER_SCRIPT  # noqa: SLF001 - MiniStack has no hook for it
    plain = '"error": str(e), "trace"'
    if script.count(plain) != 1:
        sys.exit("this version of MiniStack is not supported; use the version in requirements/dev.txt")
    worker._PYTHON_WORKER_SCRIPT = script.replace(  # type: ignore[attr-defined] # noqa: SLF001
        plain, '"error": str(e), "error_type": type(e).__name__, "trace"'
    )
    invoke = worker.Worker.invoke
    execute = service._execute_function_warm  # noqa: SLF001
    last = threading.local()

    def invoke_and_note(self: Any, *arguments: Any, **named: Any) -> Any:
        try:
            result = invoke(self, *arguments, **named)
        except (RuntimeError, OSError) as error:  # the process did not start
            result = {"status": "error", "error": str(error)}
        last.error_type = result.get("error_type")
        return result

    def execute_and_name(*arguments: Any, **named: Any) -> Any:
        last.error_type = None
        result = execute(*arguments, **named)
        if result.get("error"):
            if last.error_type:
                result["body"]["errorType"] = last.error_type
            elif result["body"]["errorMessage"].startswith(DEATHS):
                result["body"]["errorType"] = "Runtime.ExitError"
        return result

    worker.Worker.invoke = invoke_and_note
    service._execute_function_warm = execute_and_name  # type: ignore[attr-defined] # noqa: SLF001


def unpack_once(worker: types.ModuleType, cache: Path) -> None:
    """Unpack equal zips once, and link the folder for each worker."""
    lock = threading.Lock()

    class SharedZip(zipfile.ZipFile):
        def namelist(self) -> list[str]:
            return []  # the worker only checks the paths before unpacking, and zipfile checks them too

        def extractall(self, path: Any = None, members: Any = None, pwd: bytes | None = None) -> None:  # noqa: ARG002
            assert self.filename is not None
            digest = hashlib.sha256(Path(self.filename).read_bytes()).hexdigest()
            with lock:
                shared = cache / digest
                if not shared.is_dir():
                    cache.mkdir(parents=True, exist_ok=True)
                    partial = tempfile.mkdtemp(dir=cache)
                    super().extractall(partial, self.infolist())
                    Path(partial).rename(shared)
            Path(path).rmdir()
            Path(path).symlink_to(shared, target_is_directory=True)

    view = types.SimpleNamespace(**{name: getattr(zipfile, name) for name in dir(zipfile) if name[0] != "_"})
    view.ZipFile = SharedZip
    worker.zipfile = view  # type: ignore[attr-defined]


def bare_python(worker: types.ModuleType) -> None:
    """Run the functions on the interpreter from which this virtual environment was made."""
    script = worker._PYTHON_WORKER_SCRIPT  # noqa: SLF001
    base = sys._base_executable  # type: ignore[attr-defined] # noqa: SLF001 - there is no public name
    worker._detect_runtime_binary = lambda runtime: (base, script)  # type: ignore[attr-defined] # noqa: ARG005, SLF001


def read_yaml(provisioners: types.ModuleType) -> None:
    """Convert the definition of a state machine to JSON before it is stored."""
    import yaml

    definition = provisioners._sfn_definition  # noqa: SLF001
    provisioners._sfn_definition = lambda properties: json.dumps(  # type: ignore[attr-defined] # noqa: SLF001
        yaml.safe_load(definition(properties))
    )


def count_as_tls(app: types.ModuleType) -> None:
    """Set `aws:SecureTransport` to true."""
    pin = app.pin_request_origin
    app.pin_request_origin = lambda address, _: pin(address, True)  # type: ignore[attr-defined]


def keep_time(scheduler: types.ModuleType, eventbridge: types.ModuleType, minute: int) -> None:
    """Check the schedules every second. A minute of their rates takes `minute` seconds."""
    parse = eventbridge._parse_rate_seconds  # noqa: SLF001

    def seconds(expression: str) -> float | None:
        rate = parse(expression)
        return None if rate is None else rate * minute / 60

    eventbridge._parse_rate_seconds = seconds  # type: ignore[attr-defined] # noqa: SLF001
    scheduler._SCHEDULE_TICK_INTERVAL = 1  # type: ignore[attr-defined] # noqa: SLF001


def name_streams(service: types.ModuleType, logs: types.ModuleType) -> None:
    """Name the log stream of an invocation `2026/01/15/FUNCTION[$LATEST]...`, not `2026/01/15/[$LATEST]...`."""
    emit = service._emit_lambda_logs  # noqa: SLF001 - MiniStack has no hook for it
    one = threading.Lock()

    def emit_and_name(function: dict[str, Any], *arguments: Any, **named: Any) -> None:
        config = function.get("config") or function
        group = (config.get("LoggingConfig") or {}).get("LogGroup", "")
        with one:
            emit(function, *arguments, **named)
            streams = logs._log_groups.get(group, {}).get("streams", {})  # noqa: SLF001
            last = next(reversed(streams), "")
            day, plain, rest = last.partition("/[")
            if plain:
                streams[f"{day}/{config['FunctionName']}[{rest}"] = streams.pop(last)

    service._emit_lambda_logs = emit_and_name  # type: ignore[attr-defined] # noqa: SLF001


def describe_a_hundred(handlers: types.ModuleType) -> None:
    """Return at most a hundred resources of a stack in an answer of DescribeStackResources."""
    describe, end = handlers._describe_stack_resources, b"</member>"  # noqa: SLF001 - MiniStack has no hook for it

    def described(params: Any) -> tuple[int, dict[str, str], bytes]:
        status, headers, body = describe(params)
        *members, rest = body.split(end)
        return status, headers, b"".join(each + end for each in members[:100]) + rest

    handlers._ACTION_HANDLERS["DescribeStackResources"] = described  # noqa: SLF001


def main() -> None:
    """Serve until SIGTERM, and save the state then."""
    home = Path(sys.argv[1])
    temporary = home / "tmp"
    shutil.rmtree(temporary, ignore_errors=True)
    temporary.mkdir(parents=True)
    sys.path[0] = str(Path(__file__).resolve().parents[1])
    from stack import concurrency, faults, indexes, lateness, meter, payloads, rights

    del sys.path[0]  # this folder, whose module names would hide others
    from ministack import app  # type: ignore[import-untyped]
    from ministack.core import iam_actions, iam_evaluator, lambda_runtime  # type: ignore[import-untyped]
    from ministack.services import (  # type: ignore[import-untyped]
        cloudwatch_logs,
        dynamodb,
        eventbridge,
        lambda_svc,
        s3,
        scheduler,
        stepfunctions,
    )
    from ministack.services.cloudformation import handlers, provisioners  # type: ignore[import-untyped]

    name_errors(lambda_runtime, lambda_svc)
    bare_python(lambda_runtime)
    read_yaml(provisioners)
    describe_a_hundred(handlers)
    count_as_tls(app)
    name_streams(lambda_svc, cloudwatch_logs)
    indexes.sort_indexes(dynamodb)
    if late := int(sys.argv[7]):
        lateness.show_late(dynamodb, late / 1000)
    rights.teach(iam_actions, iam_evaluator, s3)
    keep_time(scheduler, eventbridge, int(sys.argv[3]))
    unpack_once(lambda_runtime, home / "tmp" / "unpacked")
    limit = concurrency.Concurrency(lambda_svc, int(sys.argv[6]))
    limit.count_refusals()
    limit.serve(app)
    concurrency.name_throttles(stepfunctions)
    concurrency.pause_as_retriers_say(stepfunctions)
    concurrency.refuse_as_the_api_does(lambda_svc)
    payloads.bound(lambda_svc)
    concurrency.queue_events(lambda_svc, eventbridge)
    counts = meter.Meter()
    counts.count_requests(app)
    counts.count_invocations(lambda_runtime)
    counts.count_logs(lambda_svc)
    counts.count_events(eventbridge)
    counts.count_states(stepfunctions)
    counts.count_units(dynamodb)
    if share := float(sys.argv[4]):
        faults.Faults(share, int(sys.argv[5])).inject(app, counts)
    del sys.argv[1:]
    app.main()


if __name__ == "__main__":
    main()
