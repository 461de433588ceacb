"""Master files through the deployed stack: imports, exports, links to upload to and to read from, real clients."""

import os
import shutil
import subprocess
import time
from urllib.parse import urlsplit

import pytest
from api import fetch, upload
from support.deployed import outputs

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.filterwarnings("ignore:::openstack"),  # their own deprecations
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
]

TEXT = {"Content_Type": "text/dns"}


def file_of(name, records=0):
    """The seed's example, and as many addresses."""
    head = f"$ORIGIN {name}\n$TTL 42\n@ SOA ns nsadmin 42 42 42 42 42\n@ NS ns\n@ MX 10 mail\n"
    head += "ns A 10.0.0.1\nmail 60 A 10.0.0.2\n"
    hosts = (f"host{each:06} A 10.{each >> 16}.{each >> 8 & 255}.{each & 255}\n" for each in range(records))
    return (head + "".join(hosts)).encode()


def bulky(name, texts):
    """A file of long texts: 30,000 of them are 9 MB."""
    return file_of(name) + "".join(f'text{each:05} TXT "{"long " * 50}"\n' for each in range(texts)).encode()


def exported(api, zone_id):
    """The master file of a zone, wherever it is."""
    answer = api.call("GET", f"/v2/zones/{zone_id}", Accept="text/dns")
    return fetch(answer.headers["location"])[1].decode() if answer.status == 303 else answer.body


def ended(api, task_id, seconds=120):
    """An import, once it is over."""
    until = time.monotonic() + seconds
    while (task := api.call("GET", f"/v2/zones/tasks/imports/{task_id}").body)["status"] == "PENDING":
        assert time.monotonic() < until
        time.sleep(0.1)
    return task


def checked(name, text, tmp_path):
    """What BIND says of a zone file, and its exit code."""
    path = shutil.which("named-checkzone", path=os.environ.get("PATH", "") + ":/usr/local/sbin:/usr/sbin:/sbin")
    if path is None:
        pytest.skip("named-checkzone is not installed; on Debian and Ubuntu: sudo apt-get install bind9-utils")
    file = tmp_path / "zone"
    file.write_text(text)
    ran = subprocess.run([path, "-i", "none", name, file], capture_output=True, text=True, check=False)
    return ran.returncode, ran.stdout


def test_the_seeds_example_is_imported_and_exported(api, stranger, name, tmp_path):
    made = api.call("POST", "/v2/zones", file_of(name), **TEXT)
    zone_id = made.body["id"]
    shown = api.call("GET", f"/v2/zones/{zone_id}", Accept="text/dns")
    records = [(each["type"], each["ttl"]) for each in api.recordsets(zone_id)]
    strangers = stranger.call("GET", f"/v2/zones/{zone_id}", Accept="text/dns")

    assert (made.status, made.body["zone"]["name"], made.body["serial"]) == (201, name, 42)
    assert (shown.status, shown.headers["content-type"]) == (200, "text/dns; charset=UTF-8")
    assert shown.headers["vary"] == "Accept"
    assert checked(name, shown.body, tmp_path)[0] == 0
    assert f"\nmail.{name} 60 IN A 10.0.0.2\nns.{name} IN A 10.0.0.1\n" in shown.body
    assert sorted(records, key=str) == [("A", 60), ("A", None), ("MX", None), ("NS", None), ("SOA", None)]
    assert (strangers.status, strangers.body["type"]) == (404, "zone_not_found")


def test_an_export_imported_again_is_the_same_with_a_newer_serial(api, name):
    zone_id = api.call("POST", "/v2/zones", file_of(name, 100), **TEXT).body["id"]
    text = exported(api, zone_id)
    was = api.call("GET", f"/v2/zones/{zone_id}").body["serial"]
    api.call("DELETE", f"/v2/zones/{zone_id}")

    again = api.call("POST", "/v2/zones", text.encode(), **TEXT).body

    assert (again["serial"] - was) % 2**32 in range(1, 2**31)
    assert exported(api, again["id"]) == text.replace(f"{was} ; serial", f"{again['serial']} ; serial")


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (b"", "An SOA record is required"),
        (
            b"@ 1 SOA a b 1 2 3 4 5\n",
            "The $ORIGIN statement is required and must be the first statement in the zonefile.",
        ),
        (
            b"$INCLUDE /etc/passwd\n",
            'Malformed zonefile. line 1: "$INCLUDE /etc/passwd": $INCLUDE is not allowed: send one file',
        ),
        (
            b'$ORIGIN example.com.\n@ 1 SOA a b 1 2 3 4 5\n@ TXT "\xff"\n',
            "Malformed zonefile. line 3: not UTF-8, or U+FFFD",
        ),
        (
            b"$ORIGIN example.com.\n@ 1 SOA a b 1 2 3 4 5\n$GENERATE 1-1000000000 h$ A 192.0.2.1\n",
            "Malformed zonefile. line 3: ",
        ),
    ],
)
def test_a_file_that_is_no_zone_is_refused(api, body, message):
    refused = api.call("POST", "/v2/zones", body, **TEXT)
    failed = api.call("POST", "/v2/zones/tasks/imports", body, **TEXT)

    assert (refused.status, refused.body["type"]) == (400, "bad_request")
    assert refused.body["message"].startswith(message)
    assert failed.status in (202, 400)
    assert failed.body["message"].startswith(message)


def test_a_zone_of_a_hundred_thousand_records_goes_in_and_out(api, name, tmp_path):
    began = time.monotonic()
    made = api.call("POST", "/v2/zones", file_of(name, 100_000), **TEXT)
    inwards = time.monotonic() - began
    assert made.status == 201
    began = time.monotonic()
    shown = api.call("GET", f"/v2/zones/{made.body['id']}", Accept="text/dns")
    status, text = fetch(shown.headers["location"])
    outwards = time.monotonic() - began
    again = api.call("GET", f"/v2/zones/{made.body['id']}", Accept="text/dns")

    assert (shown.status, status) == (303, 200)
    assert urlsplit(again.headers["location"]).path == urlsplit(shown.headers["location"]).path
    assert text.count(b" IN A 10.") == 100_002
    code, said = checked(name, text.decode(), tmp_path)
    assert code == 0, said
    assert (inwards < 12, outwards < 6) == (True, True)


def gone(aws, task_id):
    """Wait until there is no file of an import."""
    bucket = outputs(aws)["BucketName"]
    until = time.monotonic() + 20
    while "Contents" in aws("s3").list_objects_v2(Bucket=bucket, Prefix=f"imports/{task_id}"):
        assert time.monotonic() < until
        time.sleep(0.2)


OTHER = {"Content_Type": "application/octet-stream"}


@pytest.mark.parametrize(
    ("octets", "kind", "status", "said"),
    [
        pytest.param(4_500_000, TEXT, 400, "a line of 4500000 octets", id="the largest"),
        pytest.param(4_500_001, TEXT, 413, "Larger than 4500000. It has 4500001: a form", id="one more"),
        pytest.param(6_280_000, TEXT, 413, "It has 6280000: a form to upload it by is", id="the largest event"),
        pytest.param(6_300_000, TEXT, 413, "Request Too Long", id="a larger event"),
        pytest.param(4_500_000, OTHER, 415, "Content-type must be", id="the largest in base64"),
        pytest.param(4_800_000, OTHER, 413, "Request Too Long", id="a larger event in base64"),
    ],
)
def test_a_body_that_lambda_takes_is_read_or_refused_with_another_way(api, octets, kind, status, said):
    answer = api.call("POST", "/v2/zones" if kind is TEXT else "/v2/zones/tasks/imports", b";" * octets, **kind)

    assert (answer.status, said in answer.body["message"]) == (status, True), answer.body


def test_what_json_escapes_counts_twice(api):
    answer = api.call("POST", "/v2/zones", b";\n" * 2_200_000, **TEXT)

    assert (answer.status, answer.body) == (413, {"message": "Request Too Long"})


def test_a_large_file_is_uploaded_and_deleted(api, aws, name):
    begun = api.call("POST", "/v2/zones/tasks/imports", {"attributes": {"tier": "gold"}})
    file = bulky(name, 30_000)
    assert len(file) > 7 << 20

    status, _ = upload(begun.body, file)
    task = ended(api, begun.body["id"])
    late, _ = upload(begun.body, file_of(f"other.{name}"))
    gone(aws, begun.body["id"])

    assert (begun.status, begun.body["status"], status, late) == (202, "PENDING", 204, 204)
    assert (task["status"], task["message"]) == ("COMPLETE", f"{name} imported")
    zone = api.call("GET", f"/v2/zones/{task['zone_id']}").body
    assert (zone["name"], zone["serial"], zone["attributes"]) == (name, 42, {"tier": "gold"})
    assert ended(api, begun.body["id"]) == task
    assert api.call("GET", f"/v2/zones?name=other.{name}").body["zones"] == []
    assert exported(api, zone["id"]).count(" IN TXT ") == 30_000


def test_a_file_of_comments_is_uploaded_for_nothing(api):
    begun = api.call("POST", "/v2/zones/tasks/imports", {})

    upload(begun.body, b"; nothing at all\n" * 700_000)

    task = ended(api, begun.body["id"])
    assert (task["status"], task["message"], task["zone_id"]) == ("ERROR", "An SOA record is required.", None)


def test_a_form_serves_for_nothing_but_one_file_of_a_bounded_size(api, aws, name):
    begun = api.call("POST", "/v2/zones/tasks/imports", {}).body

    assert fetch(begun["links"]["upload"])[0] == 403
    assert upload(begun, b"x", key="exports/x")[0] == 403
    status, said = upload(begun, bytes((64 << 20) + 1))
    assert (status, b"EntityTooLarge" in said) == (400, True)
    assert api.call("GET", f"/v2/zones/tasks/imports/{begun['id']}").body["status"] == "PENDING"
    gone(aws, begun["id"])


def test_what_arrives_after_its_import_was_deleted_is_deleted(api, aws, name):
    begun = api.call("POST", "/v2/zones/tasks/imports", {}).body
    api.call("DELETE", f"/v2/zones/tasks/imports/{begun['id']}")

    status, _ = upload(begun, file_of(name))

    assert status == 204
    gone(aws, begun["id"])
    assert api.call("GET", f"/v2/zones?name={name}").body["zones"] == []


@pytest.mark.skipif(not shutil.which("curl"), reason="curl is not installed")
def test_curl_uploads_a_file(api, name, tmp_path):
    begun = api.call("POST", "/v2/zones/tasks/imports", {}).body
    (tmp_path / "zone").write_bytes(file_of(name))
    fields = [argument for field in begun["upload_fields"].items() for argument in ("-F", "=".join(field))]

    subprocess.run(["curl", "-sS", *fields, "-F", f"file=@{tmp_path}/zone", begun["links"]["upload"]], check=True)

    assert ended(api, begun["id"])["message"] == f"{name} imported"


# --- Clients as people have them


def test_a_text_that_is_gone_is_not_found_although_s3_says_denied(api, name, aws):
    zone_id = api.call("POST", "/v2/zones/tasks/imports", file_of(name), **TEXT).body["zone_id"]
    task = api.call("POST", f"/v2/zones/{zone_id}/tasks/export").body
    path = f"/v2/zones/tasks/exports/{task['id']}/export"
    before = api.call("GET", path)

    aws("s3").delete_object(Bucket=outputs(aws)["BucketName"], Key=f"exported/{task['id']}")
    gone = api.call("GET", path)

    assert (before.status, gone.status, gone.body["type"]) == (200, 404, "zone_export_not_found")


def test_designateclient_imports_and_exports(designate, name):
    exceptions = pytest.importorskip("designateclient.exceptions")

    task = designate.zone_imports.create(file_of(name).decode())
    found = designate.zone_imports.get_import_record(task["id"])
    listed = [each["id"] for each in designate.zone_imports.list(limit=1000)]
    export = designate.zone_exports.create(task["zone_id"])
    shown = designate.zone_exports.get_export_record(export["id"])
    exports = [each["id"] for each in designate.zone_exports.list(limit=1000)]
    text = designate.zone_exports.get_export(export["id"])
    designate.zone_imports.delete(task["id"])
    designate.zone_exports.delete(export["id"])

    assert (task["status"], found) == ("COMPLETE", task)
    assert task["id"] in listed
    assert (export["status"], shown) == ("COMPLETE", export)
    assert export["id"] in exports
    assert text.startswith(f"$ORIGIN {name}\n$TTL 42\n")
    assert designate.zones.get(task["zone_id"])["name"] == name
    with pytest.raises(exceptions.NotFound, match="Could not find ZoneImport"):
        designate.zone_imports.get_import_record(task["id"])
    with pytest.raises(exceptions.NotFound, match="Could not find ZoneExport"):
        designate.zone_exports.get_export_record(export["id"])


def test_designateclient_reads_a_large_export(designate, api, name):
    begun = api.call("POST", "/v2/zones/tasks/imports", {}).body
    upload(begun, bulky(name, 18_000))
    zone_id = ended(api, begun["id"])["zone_id"]
    assert api.call("GET", f"/v2/zones/{zone_id}", Accept="text/dns").status == 303

    text = designate.zone_exports.get_export(designate.zone_exports.create(zone_id)["id"])

    assert text.count(" IN TXT ") == 18_000


def test_openstack_command_imports_and_exports(command, api, name, tmp_path):
    file = tmp_path / "zone"
    file.write_bytes(file_of(name))

    code, made, complaint = command("zone", "import", "create", str(file), "-f", "json")
    assert (code, complaint) == (0, "")
    shown = command("zone", "import", "show", made["id"], "-f", "json")
    listed = command("zone", "import", "list", "-f", "json")
    zone_id = api.call("GET", f"/v2/zones/tasks/imports/{made['id']}").body["zone_id"]
    export = command("zone", "export", "create", zone_id, "-f", "json")
    text = command("zone", "export", "showfile", export[1]["id"], "-f", "json")
    gone = command("zone", "import", "delete", made["id"])

    assert (shown[0], shown[1]["status"], shown[1]["message"]) == (0, "COMPLETE", f"{name} imported")
    assert made["id"] in [each["id"] for each in listed[1]]
    assert listed[0] == export[0] == gone[0] == 0
    assert (text[0], checked(name, text[1]["data"], tmp_path)[0]) == (0, 0)
    assert api.call("GET", f"/v2/zones/{zone_id}").status == 200


def test_openstack_command_tells_why_an_import_failed(command, tmp_path):
    file = tmp_path / "zone"
    file.write_text("$ORIGIN example.com.\nwww A 192.0.2.1\n")

    code, made, _ = command("zone", "import", "create", str(file), "-f", "json")

    assert (code, made["message"]) == (
        0,
        'Malformed zonefile. line 2: "www A 192.0.2.1": no TTL, and no $TTL before it',
    )
