"""Sample primary: serve one zone on loopback, by BIND if it is installed, or by a server in Python.

    python tools/sample_primary.py --zone sample.example. --records 3000 --port 0 --directory .local/sample

This command prints the port and serves until SIGTERM or Ctrl-C. The zone file is DIRECTORY/sample.example.zone. Change
the file and its serial, and the server reloads it. Beside it a server in Python has the zone pushed.example. without
records, and takes updates. From Python:

    with SamplePrimary("sample.example.", 3000, directory=directory) as primary:
        ...  # primary.host, primary.port
        primary.change(100)  # changes a hundred RRsets
"""

import argparse
import signal
import sys
import threading
from pathlib import Path
from typing import Self

import dns.exception
from primaries import Bind, Key, NameServer, Small
from primaries.corpus import big
from primaries.server import serial_of

PUSHED = "pushed.example."
"""The zone that this service pushes. An update makes no zone, so the server begins with this one."""
EMPTY = "@ 300 SOA ns1.example.net. joe.example.net. 1 3600 600 86400 300\n@ 300 NS ns1.example.net.\n"

_LOOK_AGAIN = 0.5  # seconds between two checks of the zone file


class SamplePrimary:
    """A primary of one zone, which has about `records` records and can change."""

    def __init__(
        self,
        zone: str = "sample.example.",
        records: int = 3000,
        *,
        directory: Path,
        port: int = 0,
        key: Key | None = None,
    ) -> None:
        self.zone = zone
        self.file = directory / f"{zone}zone"
        self._records = records
        directory.mkdir(parents=True, exist_ok=True)
        self._seen = big(records, 1, zone)
        self.file.write_text(self._seen)
        keys, required = ([key], {zone: key.name}) if key else ([], {})
        self.server: NameServer = server_class()({zone: self._seen}, keys, required, port=port)

    def __enter__(self) -> Self:
        self.server.__enter__()
        return self

    def __exit__(self, *_: object) -> None:
        self.server.__exit__(*_)

    @property
    def host(self) -> str:
        """Return the address of the server."""
        return self.server.host

    @property
    def port(self) -> int:
        """Return the port of the server."""
        return self.server.port

    @property
    def serial(self) -> int:
        """Return the serial of the served zone."""
        return serial_of(self.server.zones[self.zone])

    def change(self, rrsets: int) -> int:
        """Replace the zone by the first zone with `rrsets` changed RRsets. Return the new serial when it is served."""
        serial = self.serial + 1
        self.file.write_text(big(self._records, serial, self.zone, rrsets))
        self.reload()
        return serial

    def reload(self) -> bool:
        """Reload the zone file if it has changed. Return whether it had, when the new zone is served."""
        text = self.file.read_text()
        if text == self._seen:
            return False
        self._seen = text
        self.server.reload(self.zone, text)
        return True


def server_class() -> type[NameServer]:
    """Return the class of the server: BIND if it is installed, or else the one in Python."""
    return Bind if Bind.available() else Small


def target() -> Small:
    """Return a server that takes updates of the zone that is pushed, from anybody. It listens on a free port."""
    server = Small({PUSHED: EMPTY})
    server.updates = True
    return server


def main() -> int:
    """Serve until SIGTERM or Ctrl-C. Return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--zone", default="sample.example.", help="absolute zone name")
    parser.add_argument("--records", type=int, default=3000)
    parser.add_argument("--port", type=int, default=0, help="0 for any free port")
    parser.add_argument("--directory", type=Path, required=True, help="folder of the zone file")
    options = parser.parse_args()
    stopping = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopping.set())
    sample = SamplePrimary(options.zone, options.records, directory=options.directory, port=options.port)
    with target() as pushed, sample as primary:
        log(f"{type(pushed).__name__} takes updates of {PUSHED} on {pushed.host}, port {pushed.port}")
        print(primary.port, flush=True)
        log(f"{server_class().__name__} serves {primary.zone} on {primary.host}, port {primary.port}: {primary.file}")
        while not stopping.wait(_LOOK_AGAIN):
            try:
                if primary.reload():
                    log(f"serving serial {primary.serial}")
            except (ValueError, TimeoutError, dns.exception.DNSException) as error:
                log(f"{primary.file} cannot be served: {error}")
    return 0


def log(message: str) -> None:
    """Print a message to standard error. Standard output has only the port."""
    print(message, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
