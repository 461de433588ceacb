"""The S3 bucket: whole objects in and out, several at a time."""

from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mypy_boto3_s3.client import S3Client

AT_ONCE = 8


@dataclass(frozen=True, slots=True)
class Bucket:
    """One bucket by name. Objects are octets; keys are made in `chunks`, `differences` and `staging` only."""

    client: "S3Client"
    name: str

    def get(self, key: str) -> bytes:
        """The object under `key`."""
        return self.client.get_object(Bucket=self.name, Key=key)["Body"].read()

    def put(self, key: str, content: bytes) -> None:
        """Write the object; the same content under the same key again changes nothing."""
        self.client.put_object(Bucket=self.name, Key=key, Body=content)

    def get_all(self, keys: Iterable[str]) -> list[bytes]:
        """The objects under `keys`, in their order, read at once."""
        wanted = list(keys)
        if len(wanted) < 2:
            return [self.get(key) for key in wanted]
        with ThreadPoolExecutor(min(AT_ONCE, len(wanted))) as pool:
            return list(pool.map(self.get, wanted))

    def put_all(self, objects: Iterable[tuple[str, bytes]]) -> None:
        """Write all objects; returns when every one is written."""
        wanted = list(objects)
        if len(wanted) < 2:
            for key, content in wanted:
                self.put(key, content)
            return
        with ThreadPoolExecutor(min(AT_ONCE, len(wanted))) as pool:
            list(pool.map(self.put, *zip(*wanted, strict=True)))

    def keys(self, prefix: str) -> Iterator[str]:
        """All keys that begin with `prefix`, in order."""
        for page in self.client.get_paginator("list_objects_v2").paginate(Bucket=self.name, Prefix=prefix):
            for entry in page.get("Contents", []):
                yield entry["Key"]
