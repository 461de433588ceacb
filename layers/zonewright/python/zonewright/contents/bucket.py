"""The S3 bucket: whole objects in and out, several at a time; large texts as streams; signed links.

A link, or a form, is a request signed in advance. Its bearer may do this one thing until it expires, or until the
credentials of the function that signed it expire.
"""

import io
import itertools
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import TYPE_CHECKING, Any, TypeVar, cast

from botocore.exceptions import BotoCoreError, ClientError, HTTPClientError, IncompleteReadError

if TYPE_CHECKING:
    from mypy_boto3_s3.client import S3Client

T = TypeVar("T")

AT_ONCE = 8
"""Objects to read or write at once."""

_PART = 8 << 20
"""Bytes of a part of a large object. S3 takes parts of at least 5 MB, and at most 10,000 of them."""

_LINE = 1 << 20
"""Bytes of the longest line to read as one. A longer line comes in pieces, for the reader to refuse."""

_DELETED_AT_ONCE = 1000
"""Keys that one DeleteObjects takes."""

_READS = 3
"""Tries to read an object to its end."""

_FAULTS = 3
"""Failed DeleteObjects in a row after which S3 counts as unreachable."""


class ObjectMissing(Exception):
    """There is no object under the key, or another one. Its version or task was swept, or its file was replaced."""


class NotDeleted(OSError):
    """Some objects were not deleted. `deleted` is the number of those that were."""

    def __init__(self, message: str, deleted: int) -> None:
        super().__init__(message)
        self.deleted = deleted


def growing_batches(items: Iterable[T]) -> Iterator[list[T]]:
    """Yield the items in lists of one, two, four, ... `AT_ONCE`.

    A reader that stops early has then read little too much.
    """
    rest, step = iter(items), 1
    while some := list(islice(rest, step)):
        yield some
        step = min(step * 2, AT_ONCE)


@dataclass(frozen=True, slots=True)
class Entry:
    """An object in a list: its key, its size in bytes, and the time of its last write."""

    key: str
    octets: int
    modified: datetime


@dataclass(frozen=True, slots=True)
class Form:
    """A form to POST to `url` (multipart/form-data): `fields` unchanged, then the content as the field `file`."""

    url: str
    fields: dict[str, str]


@dataclass(frozen=True, slots=True)
class Bucket:
    """One bucket by name. Objects are bytes. The module of a kind of object makes its keys."""

    client: "S3Client"
    name: str

    def get(self, key: str) -> bytes:
        """Return the object under `key`. Raise ObjectMissing.

        Retries if the connection ends in the middle of the object, which botocore does not.
        """
        for tries in itertools.count(1):
            with _there(key):
                body = self.client.get_object(Bucket=self.name, Key=key)["Body"]
            try:
                return body.read()
            except (HTTPClientError, IncompleteReadError):
                if tries == _READS:
                    raise
        raise AssertionError("counting has no end")

    def get_small(self, key: str, most: int) -> bytes | None:
        """Return the object under `key`, or None if it has more than `most` bytes. Raise ObjectMissing."""
        with _there(key):
            found = self.client.get_object(Bucket=self.name, Key=key)
        with found["Body"] as body:
            return body.read() if found["ContentLength"] <= most else None

    def put(self, key: str, content: bytes) -> None:
        """Write the object. Writing the same content again changes nothing."""
        self.client.put_object(Bucket=self.name, Key=key, Body=content)

    def copy_all(self, pairs: Iterable[tuple[str, str]]) -> None:
        """Copy the object under the first key of each pair to the second key, within S3.

        Raise ObjectMissing.
        """
        wanted = list(pairs)
        if wanted:
            with ThreadPoolExecutor(min(AT_ONCE, len(wanted))) as pool:
                list(pool.map(self._copy, *zip(*wanted, strict=True)))

    def _copy(self, key: str, to: str) -> None:
        with _there(key):
            self.client.copy_object(Bucket=self.name, Key=to, CopySource={"Bucket": self.name, "Key": key})

    def get_all(self, keys: Iterable[str]) -> list[bytes]:
        """Return the objects under `keys`, in their order, read several at a time. Raise ObjectMissing."""
        wanted = list(keys)
        if len(wanted) < 2:
            return [self.get(key) for key in wanted]
        with ThreadPoolExecutor(min(AT_ONCE, len(wanted))) as pool:
            return list(pool.map(self.get, wanted))

    def put_all(self, objects: Iterable[tuple[str, bytes]]) -> None:
        """Write all objects, several at a time. Returns after the last is written."""
        wanted = list(objects)
        if len(wanted) < 2:
            for key, content in wanted:
                self.put(key, content)
            return
        with ThreadPoolExecutor(min(AT_ONCE, len(wanted))) as pool:
            list(pool.map(self.put, *zip(*wanted, strict=True)))

    def keys(self, prefix: str) -> Iterator[str]:
        """Yield all keys that begin with `prefix`, in order."""
        return (entry.key for entry in self.entries(prefix))

    def entries(self, prefix: str) -> Iterator[Entry]:
        """Yield all objects whose keys begin with `prefix`, in order."""
        for page in self.client.get_paginator("list_objects_v2").paginate(Bucket=self.name, Prefix=prefix):
            for entry in page.get("Contents", []):
                yield Entry(entry["Key"], entry["Size"], entry["LastModified"])

    def folders(self, prefix: str, after: str = "") -> Iterator[str]:
        """Yield each distinct text between `prefix` and the next slash, in order, behind `after`."""
        behind = f"{prefix}{after}0" if after else prefix  # 0 follows the slash: behind the whole folder
        lister = self.client.get_paginator("list_objects_v2")
        for page in lister.paginate(Bucket=self.name, Prefix=prefix, Delimiter="/", StartAfter=behind):
            for entry in page.get("CommonPrefixes", []):
                yield entry["Prefix"].removeprefix(prefix).removesuffix("/")

    def delete(self, keys: Iterable[str]) -> int:
        """Delete objects, many at once, and return how many keys there were. Missing objects count too.

        An object that is refused does not keep the others. Raises NotDeleted at the end, or if calls keep failing.
        """
        left = iter(keys)
        count = kept = faults = 0
        reason = ""
        while faults < _FAULTS and (some := list(islice(left, _DELETED_AT_ONCE))):
            objects: Any = [{"Key": key} for key in some]
            try:
                answer = self.client.delete_objects(Bucket=self.name, Delete={"Objects": objects, "Quiet": True})
            except (ClientError, BotoCoreError) as error:
                faults += 1
                kept += len(some)
                reason = reason or f"{some[0]} was not deleted: {error}"
                continue
            faults = 0
            refused = answer.get("Errors", [])
            kept += len(refused)
            count += len(some) - len(refused)
            for each in refused[:1]:
                reason = reason or f"{each.get('Key')} was not deleted: {each.get('Code')} {each.get('Message')}"
        if kept:
            raise NotDeleted(f"{reason} ({kept} objects in all)" if kept > 1 else reason, count)
        return count

    def lines(self, key: str, etag: str) -> tuple[int, Iterator[bytes]]:
        """Return the size in bytes of the object under `key`, and its lines as they arrive.

        They are of one object, also if another is written meanwhile. Raise ObjectMissing if the object does not have
        the entity tag `etag`, without quotes.
        """
        with _there(key):
            found = self.client.get_object(Bucket=self.name, Key=key, IfMatch=f'"{etag}"')
        stream = io.BufferedReader(cast("Any", found["Body"]), 1 << 16)
        return found["ContentLength"], iter(lambda: stream.readline(_LINE), b"")

    def put_stream(self, key: str, pieces: Iterable[bytes], content_type: str) -> None:
        """Write an object in parts as its bytes arrive: all of it, or nothing. A part is sent while the next comes."""
        about: dict[str, Any] = {"Bucket": self.name, "Key": key}
        about["UploadId"] = self.client.create_multipart_upload(**about, ContentType=content_type)["UploadId"]
        sent: list[Future[str]] = []
        held = bytearray()

        def send(number: int, part: bytes) -> str:
            return self.client.upload_part(**about, PartNumber=number, Body=part)["ETag"]

        def begin() -> None:
            if sent:
                sent[-1].result()
            sent.append(beside.submit(send, len(sent) + 1, bytes(held)))
            held.clear()

        try:
            with ThreadPoolExecutor(1) as beside:
                for piece in pieces:
                    held += piece
                    if len(held) >= _PART:
                        begin()
                if held or not sent:
                    begin()
            parts: Any = [{"PartNumber": number, "ETag": part.result()} for number, part in enumerate(sent, 1)]
            self.client.complete_multipart_upload(**about, MultipartUpload={"Parts": parts})
        except BaseException:
            self.client.abort_multipart_upload(**about)
            raise

    def modified(self, key: str) -> datetime | None:
        """Return when the object under `key` was written last, or None without one."""
        found = self.client.list_objects_v2(Bucket=self.name, Prefix=key, MaxKeys=1).get("Contents", [])
        return found[0]["LastModified"] if found and found[0]["Key"] == key else None

    def link(self, key: str, seconds: int) -> str:
        """Return a link to GET the object under `key`, valid for `seconds`."""
        parameters = {"Bucket": self.name, "Key": key}
        return self.client.generate_presigned_url("get_object", Params=parameters, ExpiresIn=seconds)

    def upload_form(self, key: str, most: int, seconds: int) -> Form:
        """Return a form that writes the object under `key`, valid for `seconds`. S3 refuses more than `most` bytes."""
        form = self.client.generate_presigned_post(
            self.name, key, Conditions=[["content-length-range", 0, most]], ExpiresIn=seconds
        )
        return Form(form["url"], form["fields"])


@contextmanager
def _there(key: str) -> Iterator[None]:
    """Raise ObjectMissing if S3 says that there is no such object under the key.

    It denies access to a missing object if the caller may not list the bucket, and hardly any function may.
    """
    try:
        yield
    except ClientError as error:
        if error.response["Error"]["Code"] not in ("NoSuchKey", "PreconditionFailed", "AccessDenied"):
            raise
        raise ObjectMissing(f"there is no such object {key}") from error
