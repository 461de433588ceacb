"""Check the calls of handlers to AWS against the roles of `template.yaml`, as IAM does.

Moto checks nothing. Here every call of botocore that a handler makes is checked first. Which handler makes it is seen
from the stack: an endpoint, a task, or a function of `functions/`. A pool's thread works for the handler that submitted
its work. Calls of tests are not checked.
"""

import functools
import os
import re
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from botocore.exceptions import ClientError
from ministack.core.iam_evaluator import EvalContext, evaluate, parse_policy_document
from stack import rights

from support.entries import ANSWERING
from support.places import ROOT
from support.template import FUNCTIONS, MODULES, RESOURCES, role, routes

ACCOUNT = "123456789012"
NAMES = {"Table": "zonewright-table", "Bucket": "zonewright-bucket", "Key": "key"}
ARNS = {
    "Table": "table/zonewright-table",
    "Bucket": "zonewright-bucket",
    "Key": "key",
    "EventBusName": "default",
    "DeliveryDeliver": "function:deliver",
    "SyncMachine": "arn:aws:states:eu-central-1:123456789012:stateMachine:zonewright-sync",
}
"""The resources as `stack.rights` names them."""

SECOND = "table/other"
"""The table of a second service, which the tests that compare two services have."""

USED = set()
"""The rights that handlers used so far: name of the function, action, and place (see `place`)."""

_HERE = str(ROOT / "tests")
_FUNCTION_OF = {module: name for name, module in MODULES.items()} | {
    ANSWERING[key]: name for name in FUNCTIONS for key in routes(name)
}


def resolved(value):
    """Return a part of the template with its references replaced by `ARNS`."""
    match value:
        case {"Ref": name} | {"GetAtt": name}:
            return ARNS.get(name.removesuffix(".Arn"), name)
        case {"Sub": text}:
            text = re.sub("^arn:.*:event-bus/", "event-bus/", text)
            return re.sub(r"\$\{(\w+)(\.Arn)?\}", lambda found: ARNS.get(found[1], found[0]), text)
        case dict():
            return {name: resolved(each) for name, each in value.items()}
        case list():
            return [resolved(each) for each in value]
    return value


@functools.cache
def policies(function):
    """Return the parsed policies of a function's role."""
    properties = role(function)
    shared = [RESOURCES[arn["Ref"]]["Properties"] for arn in properties["ManagedPolicyArns"] if "Ref" in arn]
    documents = [each["PolicyDocument"] for each in (*properties.get("Policies", []), *shared)]
    return [parse_policy_document(resolved(each)) for each in documents]


def allowed(function, check):
    """Return whether a function's role allows one check."""
    context = EvalContext(
        principal_arn=f"arn:aws:sts::{ACCOUNT}:assumed-role/{function}",
        principal_type="AssumedRole",
        principal_account=ACCOUNT,
        action=check.action,
        resource_arn=check.resource,
        region="eu-central-1",
        service_context=check.context,
    )
    return evaluate(context, policies(function)).decision == "Allow"


def before_call(params, model, **_):
    """Raise AccessDenied if a handler may not make this call. It is called by botocore with every call."""
    function = caller()
    if function is None:
        return
    service = {"stepfunctions": "states"}.get(model.service_model.service_name, model.service_model.service_name)
    for found in rights.checks(service, model.name, params, key="key"):
        check = found._replace(resource=found.resource.replace(SECOND, ARNS["Table"]))
        note(function, check)
        if not allowed(function, check) and not os.environ.get("ZONEWRIGHT_TRACE"):
            message = f"{function} is not authorized to perform: {check.action} on {check.resource} {check.context}"
            raise ClientError({"Error": {"Code": "AccessDeniedException", "Message": message}}, model.name)


def note(function, check):
    """Note a used right."""
    for each in places(check):
        if (function, check.action, each) not in USED:
            USED.add((function, check.action, each))
            if path := os.environ.get("ZONEWRIGHT_TRACE"):
                with Path(path).open("a") as file:
                    file.write(f"{function} {check.action} {each}\n")


def places(check):
    """Return what a used right is about: partitions of the table, a folder of the bucket, a purpose of secrets."""
    context = check.context
    if "dynamodb:leadingkeys" in context:
        index = check.resource.partition("/index/")[2]
        kinds = {re.sub("#.*", "#", key, flags=re.DOTALL) for key in context["dynamodb:leadingkeys"]}
        return {f"{index}:{kind}" if index else kind for kind in kinds}
    if "s3:prefix" in context:
        return {context["s3:prefix"].partition("/")[0] + "/"}
    if check.action.startswith("s3:"):
        return {check.resource.split("/")[1] + "/"}
    if check.action.startswith("kms:"):
        return {context.get("kms:encryptioncontext:purpose", "-")}
    return {"-"}


def caller():
    """Return the name of the function whose handler is at work in this thread, or None for a test's own calls."""
    found = _handler_of(sys._getframe(1))  # noqa: SLF001 - the only way to the stack
    return (getattr(_HANDED_OVER, "function", None) if found is None else found) or None


_HANDED_OVER = threading.local()
"""The function for whose handler a pool's thread works."""

_submit = ThreadPoolExecutor.submit


def _submit_for(pool, work, /, *arguments, **more):
    """Submit work to a pool. Its thread works for the handler that is at work in this one.

    The stack of another thread cannot be read while that runs: Python 3.11 ends with a segmentation fault.
    """
    function = caller()

    def working(*arguments, **more):
        _HANDED_OVER.function = function
        try:
            return work(*arguments, **more)
        finally:
            _HANDED_OVER.function = None

    return _submit(pool, working if function else work, *arguments, **more)


ThreadPoolExecutor.submit = _submit_for


def _handler_of(frame):
    """Return the function at work in a stack. Empty if a test acts within it, None if there is none."""
    while frame is not None:
        file, name = frame.f_code.co_filename, frame.f_code.co_name
        if file.startswith(_HERE) and file != __file__:
            return ""
        module = frame.f_globals.get("__name__", "")
        if file.endswith("zonewright/http/endpoint.py") and name == "__call__":
            module = frame.f_locals["self"].function.__module__
        elif file.endswith("zonewright/background.py") and name == "handler":
            module = frame.f_locals["verb"].__module__
        if module.startswith("functions."):
            return _FUNCTION_OF.get(module.removeprefix("functions.").replace(".", "/"), "")
        frame = frame.f_back
    return None
