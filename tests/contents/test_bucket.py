import io
import os
from urllib.parse import parse_qs, urlsplit

import pytest
from botocore.exceptions import ClientError, IncompleteReadError
from botocore.response import StreamingBody
from botocore.stub import Stubber
from zonewright import service as surroundings
from zonewright.contents.bucket import Entry, NotDeleted, ObjectMissing
from zonewright.model.settings import Settings


@pytest.fixture
def filled(bucket):
    for key in ("zones/a/1", "zones/a/2", "zones/a-b/1", "zones/b/x/1", "zones/c/1", "other/d/1"):
        bucket.put(key, key.encode())
    return bucket


def test_entries_tell_key_and_size(filled):
    (first, second) = filled.entries("zones/a/")

    assert first == Entry("zones/a/1", 9, first.modified)
    assert second.key == "zones/a/2"


@pytest.mark.parametrize(
    ("after", "found"),
    [
        pytest.param("", ["a", "a-b", "b", "c"], id="all"),
        pytest.param("a-b", ["a", "b", "c"], id="a dash comes before a slash"),
        pytest.param("a", ["b", "c"], id="the first"),
        pytest.param("b", ["c"], id="in the middle"),
        pytest.param("bb", ["c"], id="one that is not there"),
        pytest.param("c", [], id="the last"),
    ],
)
def test_folders_go_on_behind_one(filled, after, found):
    assert sorted(filled.folders("zones/", after)) == found


def test_as_many_as_there_are_may_be_deleted(bucket):
    for number in range(3):
        bucket.put(f"zones/a/{number}", b"")

    assert bucket.delete(f"zones/a/{number}" for number in range(2500)) == 2500
    assert list(bucket.keys("")) == []


def test_nothing_to_delete_asks_nothing(bucket):
    with Stubber(bucket.client):
        assert bucket.delete([]) == 0


def test_an_object_that_cannot_be_deleted_is_an_error(bucket):
    with Stubber(bucket.client) as s3:
        s3.add_response("delete_objects", {"Errors": [{"Key": "a", "Code": "AccessDenied", "Message": "no"}]})
        with pytest.raises(OSError, match="a was not deleted: AccessDenied no"):
            bucket.delete(["a"])


def test_objects_that_are_refused_keep_no_others(bucket):
    refused = [{"Key": "a", "Code": "AccessDenied", "Message": "no"}, {"Key": "b", "Code": "AccessDenied"}]
    with Stubber(bucket.client) as s3:
        s3.add_response("delete_objects", {"Errors": refused})
        s3.add_client_error("delete_objects", "SlowDown")
        s3.add_response("delete_objects", {})
        with pytest.raises(NotDeleted, match=r"a was not deleted: AccessDenied no \(1002 objects in all\)") as raised:
            bucket.delete(f"{number}" for number in range(2500))
        s3.assert_no_pending_responses()

    assert raised.value.deleted == 1498


def test_deleting_ends_when_nothing_answers(bucket):
    with Stubber(bucket.client) as s3:
        for _ in range(3):
            s3.add_client_error("delete_objects", "InternalError")
        with pytest.raises(NotDeleted, match=r"0 was not deleted: .*InternalError"):
            bucket.delete(f"{number}" for number in range(9500))
        s3.assert_no_pending_responses()


def test_copies_are_what_they_are_copies_of(filled):
    filled.copy_all((key, f"copies/{key}") for key in ("zones/a/1", "zones/a/2", "zones/b/x/1"))
    filled.copy_all([])

    assert [filled.get(key) for key in filled.keys("copies/")] == [b"zones/a/1", b"zones/a/2", b"zones/b/x/1"]
    assert filled.get("zones/a/1") == b"zones/a/1"


def test_what_is_not_there_is_neither_read_nor_copied(filled):
    with pytest.raises(ObjectMissing, match="there is no such object zones/a/3"):
        filled.get("zones/a/3")
    with pytest.raises(ObjectMissing, match="there is no such object zones/a/3"):
        filled.copy_all([("zones/a/1", "copies/1"), ("zones/a/3", "copies/3")])


def test_another_error_stays_what_it_is(bucket):
    with Stubber(bucket.client) as s3:
        s3.add_client_error("get_object", "InvalidObjectState", "no")
        with pytest.raises(ClientError, match="InvalidObjectState"):
            bucket.get("a")


def test_a_denied_object_counts_as_missing_because_s3_tells_no_more(bucket):
    with Stubber(bucket.client) as s3:
        s3.add_client_error("get_object", "AccessDenied", "no")
        with pytest.raises(ObjectMissing):
            bucket.get("a")


def cut_off(bucket, times):
    """S3 that ends the connection in the middle of an object, so many times, and then does not."""
    stub = Stubber(bucket.client)
    for number in range(times + 1):
        body = StreamingBody(io.BytesIO(b"one" if number < times else b"one two"), 7)
        stub.add_response("get_object", {"Body": body})
    return stub


def test_an_object_that_was_cut_off_is_read_again(bucket):
    with cut_off(bucket, 2) as stub:
        assert bucket.get("a") == b"one two"

        stub.assert_no_pending_responses()


def test_an_object_that_is_always_cut_off_is_an_error(bucket):
    with cut_off(bucket, 3), pytest.raises(IncompleteReadError):
        bucket.get("a")


@pytest.fixture
def in_region(monkeypatch):
    """A function that returns the bucket of a service in a region of AWS, or at an endpoint."""

    def bucket(region, endpoint=None):
        monkeypatch.setenv("AWS_DEFAULT_REGION", region)
        if endpoint:
            monkeypatch.setenv("AWS_ENDPOINT_URL", endpoint)
        return surroundings.Service(Settings.from_environment(os.environ)).bucket

    surroundings._session.cache_clear()  # noqa: SLF001 - a session keeps the region and the endpoint
    yield bucket
    surroundings._session.cache_clear()  # noqa: SLF001


REGIONS = {
    "eu-central-1": "zonewright-bucket.s3.eu-central-1.amazonaws.com",
    "us-east-1": "zonewright-bucket.s3.us-east-1.amazonaws.com",
    "ap-southeast-2": "zonewright-bucket.s3.ap-southeast-2.amazonaws.com",
    "cn-north-1": "zonewright-bucket.s3.cn-north-1.amazonaws.com.cn",
}


@pytest.mark.parametrize(("region", "host"), REGIONS.items(), ids=REGIONS)
def test_links_and_forms_go_to_the_bucket_in_its_own_region(in_region, region, host):
    bucket = in_region(region)

    link, form = urlsplit(bucket.link("exports/a/1-300", 60)), bucket.upload_form("imports/a", 7, 60)

    assert (link.scheme, link.netloc, link.path) == ("https", host, "/exports/a/1-300")
    assert parse_qs(link.query)["X-Amz-Credential"][0].split("/")[2:] == [region, "s3", "aws4_request"]
    assert form.url == f"https://{host}/"
    assert form.fields["x-amz-credential"].split("/")[2:] == [region, "s3", "aws4_request"]


def test_links_of_an_emulated_aws_go_to_its_address(in_region):
    bucket = in_region("us-east-1", "http://127.0.0.1:4566")

    assert bucket.link("exports/a/1", 60).startswith("http://127.0.0.1:4566/zonewright-bucket/exports/a/1?")
    assert bucket.upload_form("imports/a", 7, 60).url.startswith("http://127.0.0.1:4566/zonewright-bucket")
