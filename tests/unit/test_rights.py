"""What IAM checks for a call, and that the role of each function has exactly the rights that its handlers use."""

from pathlib import Path

import pytest
from stack import rights
from stack.rights import Check
from support.rights import allowed, resolved
from support.template import FUNCTIONS, of_type, statements

TABLE, KEY = "zonewright-table", {"pk": {"S": "ZONE#1"}, "sk": {"S": "ZONE"}}
NAME = {"pk": {"S": "NAME#org example"}, "sk": {"S": "org example"}}
PLACE = f"table/{TABLE}"


@pytest.mark.parametrize(
    ("operation", "body", "wanted"),
    [
        pytest.param("GetItem", {"TableName": TABLE, "Key": KEY}, [("GetItem", PLACE, ["ZONE#1"])], id="key"),
        pytest.param("PutItem", {"TableName": TABLE, "Item": KEY}, [("PutItem", PLACE, ["ZONE#1"])], id="item"),
        pytest.param(
            "BatchGetItem",
            {"RequestItems": {TABLE: {"Keys": [KEY, NAME]}}},
            [("BatchGetItem", PLACE, ["ZONE#1", "NAME#org example"])],
            id="batch read",
        ),
        pytest.param(
            "BatchWriteItem",
            {"RequestItems": {TABLE: [{"DeleteRequest": {"Key": KEY}}, {"PutRequest": {"Item": NAME}}]}},
            [("BatchWriteItem", PLACE, ["ZONE#1", "NAME#org example"])],
            id="batch write",
        ),
        pytest.param(
            "Query",
            {
                "TableName": TABLE,
                "IndexName": "gsi1",
                "KeyConditionExpression": "#pk = :pk AND begins_with(#sk, :prefix)",
                "ExpressionAttributeNames": {"#pk": "gsi1pk", "#sk": "gsi1sk"},
                "ExpressionAttributeValues": {":pk": {"S": "GROUP#g"}, ":prefix": {"S": "2026"}},
            },
            [("Query", f"{PLACE}/index/gsi1", ["GROUP#g"])],
            id="index",
        ),
        pytest.param(
            "TransactWriteItems",
            {
                "TransactItems": [
                    {"Put": {"TableName": TABLE, "Item": NAME}},
                    {"Update": {"TableName": TABLE, "Key": KEY}},
                    {"Delete": {"TableName": TABLE, "Key": NAME}},
                    {"ConditionCheck": {"TableName": TABLE, "Key": KEY}},
                ]
            },
            [
                ("PutItem", PLACE, ["NAME#org example"]),
                ("UpdateItem", PLACE, ["ZONE#1"]),
                ("DeleteItem", PLACE, ["NAME#org example"]),
                ("ConditionCheckItem", PLACE, ["ZONE#1"]),
            ],
            id="transaction",
        ),
    ],
)
def test_a_call_of_the_table_is_about_its_partitions(operation, body, wanted):
    assert rights.checks("dynamodb", operation, body) == [
        Check(f"dynamodb:{action}", place, {"dynamodb:leadingkeys": keys}) for action, place, keys in wanted
    ]


@pytest.mark.parametrize(
    ("operation", "body", "wanted"),
    [
        ("GetObject", {"Key": "zones/z/c"}, [("GetObject", "b/zones/z/c", {})]),
        ("UploadPart", {"Key": "exports/x"}, [("PutObject", "b/exports/x", {})]),
        ("AbortMultipartUpload", {"Key": "exports/x"}, [("AbortMultipartUpload", "b/exports/x", {})]),
        ("ListObjectsV2", {"Prefix": "staging/s/"}, [("ListBucket", "b", {"s3:prefix": "staging/s/"})]),
        (
            "DeleteObjects",
            {"Delete": {"Objects": [{"Key": "a"}, {"Key": "c"}]}},
            [("DeleteObject", "b/a", {}), ("DeleteObject", "b/c", {})],
        ),
        (
            "CopyObject",
            {"Key": "to", "CopySource": {"Bucket": "b", "Key": "from"}},
            [("GetObject", "b/from", {}), ("PutObject", "b/to", {})],
        ),
    ],
)
def test_a_call_of_the_bucket_is_about_its_objects(operation, body, wanted):
    found = rights.checks("s3", operation, {"Bucket": "b", **body})

    assert found == [Check(f"s3:{action}", place, context) for action, place, context in wanted]


def test_a_call_of_the_key_is_about_its_context():
    (found,) = rights.checks("kms", "Decrypt", {"EncryptionContext": {"owner": "o", "purpose": "tsig"}}, key="key")

    assert found == Check(
        "kms:Decrypt",
        "key",
        {
            "kms:encryptioncontext:owner": "o",
            "kms:encryptioncontext:purpose": "tsig",
            "kms:encryptioncontextkeys": ["owner", "purpose"],
        },
    )


# --- The roles

ROLES = of_type("AWS::IAM::Role")
USED = {tuple(line.split(" ", 2)) for line in (Path(__file__).parent / "rights.txt").read_text().splitlines()}
"""Function, action and place of every call of the handlers in the tests, written by `make rights`."""

SIGNALLED = ("SyncAnnounced", "SyncStopped", "SyncChanged")
WRITERS = [name for name, each in FUNCTIONS.items() if "DELIVERER" in each.get("Environment", {}).get("Variables", {})]
OF_A_STREAM = ("DescribeStream", "GetRecords", "GetShardIterator", "ListStreams")
"""What Lambda must be allowed in the role of a function that reads a stream; else it refuses the mapping."""
UNSEEN = {
    *((name, "lambda:InvokeFunction", "-") for name in WRITERS),
    ("DesignateImports", "s3:PutObject", "imports/"),  # a form for uploads is signed without a call
    *((name, "sqs:SendMessage", "-") for name in ("EdgeImportUpload", "SweepContents", *SIGNALLED)),
    *(("SyncChanged", f"dynamodb:{action}", "") for action in OF_A_STREAM),
    *((name, "kms:Decrypt", "-") for name, action, _ in USED if action == "kms:Decrypt"),
}
"""Rights that the tests do not use: deliveries, forms, what Lambda does in a role, and secrets of earlier releases."""


def granted(properties):
    """The rights of a role, as `rights.txt` has them, without those to write logs."""
    found = set()
    for each in map(resolved, statements(properties)):
        actions = each["Action"] if isinstance(each["Action"], list) else [each["Action"]]
        resources = each["Resource"] if isinstance(each["Resource"], list) else [each["Resource"]]
        keys = {key: value for test in each.get("Condition", {}).values() for key, value in test.items()}
        for resource in resources:
            places = {resource.partition("/")[2].removesuffix("*")}
            if "dynamodb:LeadingKeys" in keys:
                index = resource.partition("/index/")[2]
                partitions = [partition.removesuffix("*") for partition in keys["dynamodb:LeadingKeys"]]
                places = {f"{index}:{partition}" if index else partition for partition in partitions}
            elif "s3:prefix" in keys:
                places = {keys["s3:prefix"].removesuffix("*")}
            elif actions[0].startswith("kms:"):
                purpose = keys["kms:EncryptionContext:purpose"]
                places = {"-" if purpose is True else purpose}
            elif actions[0].startswith(("states:", "sqs:", "events:", "lambda:")):
                places = {"-"}
            found |= {(action, place) for action in actions for place in places}
    return {(action, place) for action, place in found if not action.startswith("logs:")}


@pytest.mark.parametrize("name", ROLES)
def test_a_role_is_what_its_functions_use(name):
    functions = [each for each, properties in FUNCTIONS.items() if properties["Role"]["GetAtt"] == f"{name}.Arn"]

    used = {(action, place) for function, action, place in USED | UNSEEN if function in functions}

    assert granted(ROLES[name]) == used


API = [name for name in FUNCTIONS if not name.startswith(("Sync", "Sweep", "Delivery"))]


MEMBERSHIP = {("VinyldnsGroups", "USER#", "UpdateItem"), ("VinyldnsUsers", "USER#", "UpdateItem")}
"""What callers change of users: in which groups they are, and whether they are locked. Nobody makes or deletes one."""
TOKENS = {("Keystone", "TOKEN#", action) for action in ("PutItem", "DeleteItem")}
"""The login door makes and deletes tokens. It writes no user and no access key."""


@pytest.mark.parametrize("name", API)
@pytest.mark.parametrize("partition", ["USER#", "TOKEN#", "ACCESSKEY#", "AUTHORITIES", "SWEEP"])
def test_no_function_of_the_api_writes_who_may_come_in(name, partition):
    for action in ("PutItem", "UpdateItem", "DeleteItem", "BatchWriteItem"):
        may = allowed(name, Check(f"dynamodb:{action}", PLACE, {"dynamodb:leadingkeys": [f"{partition}x"]}))
        assert may == ((name, partition, action) in MEMBERSHIP | TOKENS)
        whole = allowed(name, Check(f"dynamodb:{action}", PLACE, {"dynamodb:leadingkeys": [partition]}))
        assert whole <= may


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_function_decrypts_secrets_of_one_purpose_at_most(name):
    opened = {
        purpose
        for purpose in ("user", "tsig", "other")
        if allowed(
            name,
            Check(
                "kms:Decrypt",
                "key",
                rights.encryption_context({"EncryptionContext": {"owner": "o", "purpose": purpose}}),
            ),
        )
    }
    before = allowed(
        name, Check("kms:Decrypt", "key", rights.encryption_context({"EncryptionContext": {"owner": "o"}}))
    )
    bare = allowed(name, Check("kms:Decrypt", "key", {}))

    assert opened == ({"tsig"} if name in TALKING else set() if name in SILENT else {"user"})
    assert (before, bare) == (bool(opened), False)


TALKING = {"SyncTransfer", "SyncDispatch", "DeliveryDeliver"}
SILENT = {name for name in FUNCTIONS if name.startswith(("Sync", "Sweep", "Edge"))} - TALKING


def test_the_parser_of_foreign_octets_has_the_staged_objects_only():
    assert granted(ROLES["WriteStagedRole"]) == {("s3:GetObject", "staging/"), ("s3:PutObject", "staging/")}


def test_public_answers_read_nothing():
    assert [
        granted(ROLES[FUNCTIONS[name]["Role"]["GetAtt"].removesuffix(".Arn")])
        for name in ("EdgeService", "EdgeUnknownRoute")
    ] == [set(), set()]
