# ruff: noqa: SLF001 - MiniStack has no other names for what is looked at here
"""The emulated Lambda names errors and log streams as Lambda does: the state machine, and `make logs`, go by names."""

import importlib
import io
import types
import zipfile

import pytest

emulator = importlib.import_module("stack.emulator")
logs_of = importlib.import_module("stack.logs")

CODE = """
import os

class PrimaryRefused(Exception):
    pass

def handler(event, context):
    if event == "die":
        os.kill(os.getpid(), 9)
    if event == "raise":
        raise PrimaryRefused("REFUSED")
    return event

if os.environ.get("DEAD_AT_ONCE"):
    os.kill(os.getpid(), 9)
"""

pytestmark = [
    pytest.mark.filterwarnings("ignore::ResourceWarning"),  # MiniStack's, of the pipes of dead processes
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]


@pytest.fixture
def invoke(monkeypatch):
    """Invoke a function of that code, with an environment of its own: the answer as the state machine gets it."""
    worker = importlib.import_module("ministack.core.lambda_runtime")
    service = importlib.import_module("ministack.services.lambda_svc")
    for owner, name in ((worker, "_PYTHON_WORKER_SCRIPT"), (worker.Worker, "invoke")):
        monkeypatch.setattr(owner, name, getattr(owner, name))
    for name in ("_execute_function_warm", "_ensure_reaper_thread"):
        monkeypatch.setattr(service, name, getattr(service, name))
    monkeypatch.setattr(service, "_ensure_reaper_thread", lambda: None)
    monkeypatch.setattr(worker, "_workers", {})
    emulator.name_errors(worker, service)
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as file:
        file.writestr("code.py", CODE)

    def call(event, **environment):
        config = {
            "FunctionName": "function",
            "FunctionArn": "arn:aws:lambda:us-east-1:000000000000:function:function",
            "Runtime": "python3.12",
            "Handler": "code.handler",
            "Environment": {"Variables": environment},
        }
        function = {"config": config, "code_zip": archive.getvalue()}
        return service._execute_function_warm(function, event, "request")["body"]

    yield call
    for workers in worker._workers.values():
        worker.kill_workers(workers)


def test_an_error_is_named_by_its_class_and_a_death_as_lambda_names_it(invoke):
    assert invoke("fine") == "fine"
    assert invoke("raise") == {"errorMessage": "REFUSED", "errorType": "PrimaryRefused"}
    assert invoke("die")["errorType"] == "Runtime.ExitError"
    assert invoke("fine again") == "fine again"


def test_a_process_that_dies_before_its_first_invocation_is_a_death_too(invoke):
    assert invoke("fine", DEAD_AT_ONCE="yes")["errorType"] == "Runtime.ExitError"


def test_a_log_stream_tells_whose_it_is_in_a_group_of_several_functions(monkeypatch):
    service = importlib.import_module("ministack.services.lambda_svc")
    logs = importlib.import_module("ministack.services.cloudwatch_logs")
    monkeypatch.setattr(service, "_emit_lambda_logs", service._emit_lambda_logs)
    monkeypatch.setattr(logs, "_log_groups", {})
    emulator.name_streams(service, logs)

    for name in ("zonewright-SyncPlan-1A2B", "zonewright-SyncFail-3C4D", "zonewright-SyncPlan-1A2B"):
        config = {"FunctionName": name, "LoggingConfig": {"LogGroup": "/aws/lambda/zonewright-sync"}}
        service._emit_lambda_logs({"config": config}, "request", f"said by {name}", error=False, duration_ms=1)

    (group,) = logs._log_groups.values()
    told = [(logs_of.function_of(name), each["events"][1]["message"]) for name, each in group["streams"].items()]
    assert told == [
        ("SyncPlan", "said by zonewright-SyncPlan-1A2B"),
        ("SyncFail", "said by zonewright-SyncFail-3C4D"),
        ("SyncPlan", "said by zonewright-SyncPlan-1A2B"),
    ]


def test_a_description_of_a_stack_ends_after_a_hundred_resources():
    xml = "<StackResources>{}</StackResources>"
    members = "".join(f"<member>{number}</member>" for number in range(120)).encode()
    whole = xml.encode().replace(b"{}", members)
    handlers = types.SimpleNamespace(_describe_stack_resources=lambda _: (200, {}, whole), _ACTION_HANDLERS={})
    emulator.describe_a_hundred(handlers)

    status, _, body = handlers._ACTION_HANDLERS["DescribeStackResources"]({})

    assert (status, body.count(b"<member>")) == (200, 100)
    assert body.endswith(b"<member>99</member></StackResources>")
