"""Rights: what a policy's conditions ask of a call, and MiniStack does not say. Its own evaluator decides.

MiniStack checks the calls of a function against the policies of its role: actions, resources, and most conditions. This
module adds, as AWS has them:

    dynamodb:LeadingKeys        the partition keys that a call names, in a transaction those of each of its parts
    kms:EncryptionContext:NAME  a value of the context, and kms:EncryptionContextKeys: the names of all values
    s3:GetObject                of a missing object is denied to a role that may not list the bucket

`checks` returns what is checked for one call of botocore. The tests of handlers use it over moto.
"""

import json
import re
import types
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

Context = dict[str, Any]

_PARTS = {
    "Put": "PutItem",
    "Update": "UpdateItem",
    "Delete": "DeleteItem",
    "ConditionCheck": "ConditionCheckItem",
    "Get": "GetItem",
}
"""The action that IAM checks for each part of a transaction."""

_OBJECTS = {
    "CreateMultipartUpload": "PutObject",
    "UploadPart": "PutObject",
    "CompleteMultipartUpload": "PutObject",
    "HeadObject": "GetObject",
    "ListObjectsV2": "ListBucket",
}
"""The action that IAM checks for calls of S3 that have another name."""

_EQUAL = re.compile(r"(#?\w+)\s*=\s*(:\w+)")


class Check(NamedTuple):
    """One question to IAM, about an action on a resource.

    `context` has the keys of conditions in lower case, as the evaluator wants them.
    """

    action: str
    resource: str
    context: Context


def leading_keys(body: Mapping[str, Any]) -> list[str]:
    """Return the partition keys of the items that a call of DynamoDB, or a part of a transaction, names.

    For a query of an index, they are those of the index.
    """
    index = body.get("IndexName")
    name = f"{index}pk" if index else "pk"
    if condition := body.get("KeyConditionExpression"):
        names, values = body.get("ExpressionAttributeNames", {}), body.get("ExpressionAttributeValues", {})
        named = [value for key, value in _EQUAL.findall(condition) if names.get(key, key) == name]
        return [_text(values[value]) for value in named if value in values]
    return [_text(each[name]) for each in _items(body) if name in each]


def _items(body: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Yield the key, or the whole item, of everything that a call names."""
    if named := body.get("Key") or body.get("Item"):
        yield named
    for asked in body.get("RequestItems", {}).values():
        if isinstance(asked, Mapping):
            yield from asked.get("Keys", ())
        else:
            yield from (named for request in asked for each in request.values() for named in _items(each))


def _text(typed: Mapping[str, Any]) -> str:
    return str(next(iter(typed.values())))


def parts(body: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Yield the action and the request of each part of a transaction."""
    for item in body.get("TransactItems", ()):
        yield from ((f"dynamodb:{_PARTS[kind]}", part) for kind, part in item.items() if kind in _PARTS)


def encryption_context(body: Mapping[str, Any]) -> Context:
    """Return the keys of conditions about the encryption context of a call of KMS."""
    sent = body.get("EncryptionContext") or {}
    context: Context = {f"kms:encryptioncontext:{name}".lower(): value for name, value in sent.items()}
    return context | ({"kms:encryptioncontextkeys": list(sent)} if sent else {})


def checks(service: str, operation: str, body: Mapping[str, Any], *, key: str = "*") -> list[Check]:
    """Return what IAM checks for one call of botocore. Resources are `table/NAME`, `BUCKET/KEY` and the like.

    `key` is the resource of calls of KMS, which may name the key by an alias or not at all.
    """
    if service == "dynamodb":
        return list(_table_checks(operation, body))
    if service == "s3":
        return list(_bucket_checks(_OBJECTS.get(operation, operation), body))
    if service == "kms":
        return [Check(f"kms:{operation}", key, encryption_context(body))]
    if service == "events":
        return [Check("events:PutEvents", f"event-bus/{each['EventBusName']}", {}) for each in body["Entries"]]
    if service == "lambda":
        return [Check("lambda:InvokeFunction", f"function:{body['FunctionName']}", {})]
    if service == "route53":
        return [Check(f"route53:{operation}", "hostedzone", {})]
    return [Check(f"states:{operation}", body["stateMachineArn"], {})]


def _table_checks(operation: str, body: Mapping[str, Any]) -> Iterator[Check]:
    requests = list(parts(body)) or [(f"dynamodb:{operation}", body)]
    for action, each in requests:
        index = each.get("IndexName")
        tables = [each["TableName"]] if "TableName" in each else list(each["RequestItems"])
        context = {"dynamodb:leadingkeys": leading_keys(each)}
        for table in tables:
            yield Check(action, f"table/{table}" + (f"/index/{index}" if index else ""), context)


def _bucket_checks(action: str, body: Mapping[str, Any]) -> Iterator[Check]:
    bucket = body["Bucket"]
    if action == "ListBucket":
        yield Check("s3:ListBucket", bucket, {"s3:prefix": body.get("Prefix", "")})
    elif action == "CreateBucket":
        return  # botocore asks for the address of a form in its name
    elif action == "CopyObject":
        source = body["CopySource"]
        yield Check("s3:GetObject", f"{source['Bucket']}/{source['Key']}", {})
        yield Check("s3:PutObject", f"{bucket}/{body['Key']}", {})
    elif action == "DeleteObjects":
        yield from (Check("s3:DeleteObject", f"{bucket}/{each['Key']}", {}) for each in body["Delete"]["Objects"])
    else:
        yield Check(f"s3:{action}", f"{bucket}/{body['Key']}", {})


class _Part(str):
    """The ARN of a table, with the partition keys that one part of a transaction names in it."""

    __slots__ = ("keys",)
    keys: list[str]


def teach(actions: types.ModuleType, evaluator: types.ModuleType, s3: types.ModuleType) -> None:
    """Patch MiniStack: `iam_actions`, `iam_evaluator` and the service `s3`."""
    context_of, tags_of, enforce = actions.dynamodb_service_context, actions.request_tag_context, evaluator.enforce

    def with_keys(body: bytes) -> Context:
        return {**context_of(body), "dynamodb:LeadingKeys": leading_keys(_json(body))}

    def in_parts(action: str, body: bytes, region: str, account: str) -> list[tuple[str, str]]:
        found: list[tuple[str, str]] = []
        for each, part in parts(_json(body)) if action.startswith("dynamodb:Transact") else ():
            arn = _Part(f"arn:aws:dynamodb:{region}:{account}:table/{part.get('TableName')}")
            arn.keys = leading_keys(part)
            found.append((each, arn))
        return found

    def with_secret(service: str, action: str, body: bytes, params: Any) -> Context:
        more = encryption_context(_json(body)) if service == "kms" else {}
        return {**tags_of(service, action, body, params), **more}

    def enforced(access_key: str, action: str, service: str, *region: str, **about: Any) -> Any:
        arn = about.get("resource_arn", "*")
        if isinstance(arn, _Part):
            about["service_context"] = {**(about.get("service_context") or {}), "dynamodb:LeadingKeys": arn.keys}
        denied = enforce(access_key, action, service, *region, **about)
        if denied is None and action == "s3:GetObject" and _missing(s3, arn):
            about |= {"resource_arn": arn.partition("/")[0], "service_context": {}}
            denied = enforce(access_key, "s3:ListBucket", service, *region, **about)
        return denied

    actions.dynamodb_service_context = with_keys  # type: ignore[attr-defined]
    actions.dynamodb_transaction_checks = in_parts  # type: ignore[attr-defined]
    actions.request_tag_context = with_secret  # type: ignore[attr-defined]
    evaluator.enforce = enforced  # type: ignore[attr-defined]


def _missing(s3: types.ModuleType, arn: str) -> bool:
    """Return whether there is no object of this ARN in a bucket that exists."""
    name, _, key = arn.rpartition(":::")[2].partition("/")
    bucket = s3._ensure_bucket(name)  # noqa: SLF001
    return bucket is not None and key not in bucket["objects"]


def _json(body: bytes) -> dict[str, Any]:
    try:
        found = json.loads(body or b"{}")
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
