"""Make zones in chunks, and merge lines into them."""

import itertools
import uuid
from contextlib import contextmanager

from hypothesis import strategies as st
from zonewright.contents import chunks, differences
from zonewright.contents.merge import add, merge
from zonewright.contents.sink import Sink
from zonewright.model import ranges
from zonewright.model.version import index_of
from zonewright.protocol import rrset

from support.chunklines import lines_of


def rrs(lines):
    """Return the RRs of RRset lines, sorted, each as a line."""
    found = map(rrset.from_line, lines)
    return sorted(
        rrset.to_line(each.key, each.type, each.ttl, [octets], each.spelling)
        for each in found
        for octets in each.rdatas
    )


keys = st.lists(st.sampled_from(["a", "b", "c", "d", "*", "~ff"]), min_size=1, max_size=3).map(" ".join)


class Store:
    """The chunks of one zone in the bucket. Make a new one for each example."""

    def __init__(self, bucket, target):
        self.bucket, self.target, self.zone_id = bucket, target, str(uuid.uuid4())
        self.change_id = "change-id"

    def merge(self, base, lines, low="", high=None, part=0):
        run = ranges.between(rrs(lines), low, high)
        return merge(self.sink(), base, run, part=part, low=low, high=high)

    def sink(self, change_id=None, **fields):
        return Sink(self.bucket, self.zone_id, change_id or self.change_id, self.target, **fields)

    def merge_parts(self, base, lines, cuts):
        bounds = list(itertools.zip_longest(["", *cuts], cuts))
        return add(self.merge(base, lines, low, high, part) for part, (low, high) in enumerate(bounds))

    def lines(self, made):
        return lines_of(self.bucket, self.zone_id, made)

    def moves(self, merged):
        return [move for key in merged.differences for move in differences.read(self.bucket, key)]

    def check(self, made):
        """Assert that a chunk list is valid: in order from the apex, names in their chunks, chunks as described."""
        assert [chunk.start for chunk in made] == sorted({chunk.start for chunk in made})
        assert made[0].start == ""
        for number, chunk in enumerate(made):
            lines = self.lines([chunk])
            assert chunks.describe(chunk.start, lines, chunks.to_text(lines), chunk.change_id) == chunk
            assert {index_of(made, rrset.key(line)) for line in lines} == {number}


@contextmanager
def traffic(bucket):
    """Yield a list of the S3 calls in the block, each with the key of its object."""
    found = []

    def note(params, model, **_):
        found.append((model.name, params["url_path"].partition("/")[2]))

    bucket.client.meta.events.register("before-call.s3", note)
    yield found
    bucket.client.meta.events.unregister("before-call.s3", note)


def numbered(count, first=0):
    """Return `count` address lines of 20 bytes each."""
    return [f"h{number:04d}\t1\t60\tc00002{number % 256:02x}" for number in range(first, first + count)]


def same(left, right):
    """Return whether two runs hold the same RRsets. The case of names is ignored."""
    return list(map(rrset.place, left)) == list(map(rrset.place, right)) and all(map(rrset.equivalent, left, right))


def calls_of(bucket):
    """Return a list that collects the names of S3 calls from now on."""
    found = []
    bucket.client.meta.events.register("before-call.s3", lambda model, **_: found.append(model.name))
    return found
