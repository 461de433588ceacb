"""The common base of the tests' primaries, and of programs that run as one."""

import base64
import functools
import hashlib
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, NoReturn, Self

import dns.exception
import dns.message
import dns.query
import dns.rdatatype
import dns.tokenizer
import dns.tsig

HOST, HOST_6 = "127.0.0.1", "::1"

# All that BIND 9.18, NSD 4.6 and Knot 3.2 support, without the truncated forms (RFC 8945 section 6).
ALGORITHMS = ("hmac-md5", "hmac-sha1", "hmac-sha224", "hmac-sha256", "hmac-sha384", "hmac-sha512")


@dataclass(frozen=True, slots=True)
class Key:
    """A TSIG key. `name` is absolute, `secret` is base64."""

    name: str
    algorithm: str
    secret: str

    @classmethod
    def of(cls, name: str, algorithm: str = "hmac-sha256") -> Self:
        """Return a key. Its secret depends on its name and algorithm only, so it is the same in every run."""
        secret = hashlib.sha256(f"{name} {algorithm}".encode()).digest()
        return cls(name, algorithm, base64.b64encode(secret).decode())

    def tsig(self) -> dns.tsig.Key:
        """Return this key for dnspython."""
        algorithm = dns.tsig.HMAC_MD5 if self.algorithm == "hmac-md5" else self.algorithm
        return dns.tsig.Key(self.name, self.secret, algorithm)

    def for_dig(self) -> str:
        """Return the argument of `dig -y`."""
        return f"{self.algorithm}:{self.name}:{self.secret}"


class NameServer(ABC):
    """A primary for some zones. `zones` maps absolute zone names to master files (RFC 1035 section 5)."""

    host = HOST

    def __init__(
        self,
        zones: Mapping[str, str],
        keys: Sequence[Key] = (),
        require_key: Mapping[str, str] | None = None,
        *,
        port: int = 0,
    ) -> None:
        self.zones = dict(zones)
        self.keys = tuple(keys)
        self.require_key = dict(require_key or {})
        self.port = port
        unknown = set(self.require_key.values()) - {key.name for key in self.keys}
        if unknown:
            raise ValueError(f"no such key: {', '.join(sorted(unknown))}")

    @abstractmethod
    def __enter__(self) -> Self: ...

    @abstractmethod
    def __exit__(self, *_: object) -> None: ...

    @abstractmethod
    def reload(self, zone: str, text: str) -> None:
        """Serve `text` from now on. Return when its serial is served."""

    def keys_of(self, zone: str) -> tuple[Key, ...]:
        """Return the keys that may transfer a zone."""
        required = self.require_key.get(zone)
        return tuple(key for key in self.keys if required in (None, key.name))

    def serial(self, zone: str) -> int | None:
        """Return the serial that the server answers with, or None if it does not serve the zone."""
        answer = self.ask(zone, "SOA")
        return answer.answer[0][0].serial if answer and answer.answer else None

    def ask(self, name: str, rdtype: str, rdclass: str = "IN") -> dns.message.Message | None:
        """Return the answer to a query over TCP, or None if there is none."""
        try:
            return dns.query.tcp(dns.message.make_query(name, rdtype, rdclass), self.host, port=self.port, timeout=2)
        except (OSError, EOFError, dns.exception.DNSException):
            return None


class Program(NameServer):
    """A name server that is a program of the system. It runs in the foreground, in a directory of its own.

    SIGHUP makes it read changed zone files again. It is stopped by its process id. It answers with an identity of its
    own (RFC 4892 section 2), so it is not confused with another server that took the port meanwhile.
    """

    command: ClassVar[str]
    package: ClassVar[str]
    configured_by: ClassVar[str] = "configuration"
    """The name of the configuration file."""

    patience = 30  # seconds to wait for a zone; a slow machine loads 100,000 RRs in 5
    increments = False
    """Whether it keeps the differences between serials, and answers IXFR with them. Set this before it starts."""

    updates = False
    """Whether dynamic updates (RFC 2136) change zones, instead of `reload`. Set this before it starts.

    They come from anybody, or for a zone in `require_key` under its key.
    """

    signs = False
    """Whether it signs its zones, which moves their serials. Set this before it starts."""

    source: NameServer | None = None
    """The primary that it copies its zones from, as a secondary. Set this before it starts."""

    catalog: str | None = None
    """The one of its zones that is a catalog (RFC 9432). It copies the members from `source` too.

    Set this before it starts. NSD 4.6 and PowerDNS have no use for it.
    """

    _process: subprocess.Popen[bytes] | None = None

    @classmethod
    def available(cls) -> bool:
        """Return whether the program is installed."""
        return cls._path() is not None

    @classmethod
    def _path(cls) -> str | None:
        return program(cls.command)

    @abstractmethod
    def configuration(self, directory: Path) -> str:
        """Return the text of the configuration file. Zone files are at `zone_file`."""

    @abstractmethod
    def arguments(self, configuration: Path) -> list[str]:
        """Return the arguments that keep the command in the foreground."""

    def prepare(self) -> None:
        """Do what has to be done once the configuration is written, before the program starts."""

    def zone_file(self, zone: str) -> Path:
        """Return the path of a zone's master file. Its name is a number, because a zone name may be no file name."""
        return self.directory / f"{list(self.zones).index(zone)}.zone"

    def __enter__(self) -> Self:
        self._directory = tempfile.TemporaryDirectory(prefix=f"{self.command}-")
        self.directory = Path(self._directory.name)
        self.identity = self.directory.name
        self._log = (self.directory / "log").open("wb")
        try:
            if self.source is None:
                for zone, text in self.zones.items():
                    self.zone_file(zone).write_text(text)
            self._start()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self._stop()
        self._log.close()
        self._directory.cleanup()

    def reload(self, zone: str, text: str) -> None:
        """Write the zone file, and signal the program."""
        self.zones[zone] = text
        fresh = self.zone_file(zone).with_suffix(".fresh")
        fresh.write_text(text)
        fresh.replace(self.zone_file(zone))
        self._process.send_signal(signal.SIGHUP)
        self._wait_for_zones([zone])

    def _start(self) -> None:
        chosen = self.port
        for last in (False, False, True):
            self.port = chosen or free_port()
            configuration = self.directory / self.configured_by
            configuration.write_text(self.configuration(self.directory))
            self.prepare()
            self._process = subprocess.Popen(
                [self._path() or self.command, *self.arguments(configuration)],
                cwd=self.directory,
                stdin=subprocess.DEVNULL,
                stdout=self._log,
                stderr=self._log,
                start_new_session=True,
            )
            try:
                self._wait_for(self._identity, self.identity)
                return self._wait_for_zones(self.zones)
            except ChildProcessError:  # another process may have taken the port since
                if last or chosen:
                    raise
                self._stop()
        return None

    def _stop(self) -> None:
        if self._process is None:
            return
        self._process.terminate()
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            os.killpg(self._process.pid, signal.SIGKILL)  # the process group, because NSD has children
            self._process.wait()
        self._process = None

    def _wait_for_zones(self, zones: Iterable[str]) -> None:
        for zone in zones:
            written = serial_of(self.zones[zone])
            if self.signs:
                self._wait_for(functools.partial(self._signed, zone, written), wanted=True)
            else:
                self._wait_for(functools.partial(self.serial, zone), written)

    def _signed(self, zone: str, written: int) -> bool:
        return self.serial(zone) not in (None, written)

    def _wait_for(self, ask: Callable[[], object], wanted: object) -> None:
        deadline = time.monotonic() + self.patience
        while (answered := ask()) != wanted:
            if self._process.poll() is not None:
                raise ChildProcessError(f"{self.command} ended by itself:\n{self.log()}")
            if time.monotonic() > deadline:
                raise TimeoutError(f"{self.command} answers {answered}, not {wanted}:\n{self.log()}")
            time.sleep(0.02)

    def _identity(self) -> str | None:
        answer = self.ask("id.server.", "TXT", "CH")
        return answer.answer[0][0].strings[0].decode() if answer and answer.answer else None

    def log(self) -> str:
        """Return the output of the program."""
        return (self.directory / "log").read_text(errors="replace")


def program(command: str) -> str | None:
    """Return the path of a program, which may be one for the administrator, or None if it is not installed."""
    return shutil.which(command, path=os.environ.get("PATH", "") + ":/usr/local/sbin:/usr/sbin:/sbin")


def free_port() -> int:
    """Return a port of loopback that is free for both UDP and TCP."""
    while True:
        with (
            socket.socket(socket.AF_INET, socket.SOCK_STREAM) as stream,
            socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as datagram,
        ):
            stream.bind((HOST, 0))
            port = stream.getsockname()[1]
            try:
                datagram.bind((HOST, port))
            except OSError:
                continue
            return port


def serial_of(text: str) -> int:
    """Return the serial of the first SOA in a master file. The rest is not read."""
    tokens = dns.tokenizer.Tokenizer(text)
    while not (token := tokens.get()).is_eof():
        if token.value.upper() == "SOA":
            tokens.get()
            tokens.get()
            return tokens.get_int()
    raise ValueError("no SOA in this zone")


def require(server: type[Program]) -> None:
    """Skip the test if a server is not installed. With ZONEWRIGHT_REQUIRE_PRIMARIES=1, as in CI, fail it."""
    if not server.available():
        missing(server.__name__, server.package)


def require_dig() -> None:
    """Do the same for `dig`."""
    if not shutil.which("dig"):
        missing("dig", "bind9-dnsutils")


def require_signing() -> None:
    """Do the same for the programs that sign zones (`signing.py`)."""
    if not (program("dnssec-keygen") and program("dnssec-signzone")):
        missing("dnssec-signzone", "bind9-utils")


def require_six() -> None:
    """Skip the test if the loopback of this machine has no IPv6."""
    import pytest

    try:
        with socket.socket(socket.AF_INET6) as probe:
            probe.bind((HOST_6, 0))
    except OSError:
        pytest.skip("the loopback of this machine has no IPv6")


def missing(what: str, package: str) -> NoReturn:
    """Skip the test, because a program is not installed. With ZONEWRIGHT_REQUIRE_PRIMARIES=1, as in CI, fail it."""
    import pytest

    message = f"{what} is not installed; on Debian and Ubuntu: sudo apt-get install {package}"
    if os.environ.get("ZONEWRIGHT_REQUIRE_PRIMARIES") == "1":
        pytest.fail(message)
    pytest.skip(message)
