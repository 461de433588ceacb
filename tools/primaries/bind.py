"""BIND 9 as a primary. HMACs: md5, sha1, sha224, sha256, sha384, sha512 (no md5 if OpenSSL runs in FIPS mode)."""

import re
import secrets
import subprocess
from pathlib import Path

from primaries.server import HOST, HOST_6, Program, free_port, program

# Since 9.18.28 and 9.20.0 (CVE-2024-1737) an RRset of more than 100 RRs is refused unless these are 0.
_LIMITS = "max-records-per-type 0; max-types-per-name 0;"
# By default increments are kept up to twice the size of a zone, and sent up to its size.
_JOURNAL = "ixfr-from-differences yes; max-ixfr-ratio unlimited; max-journal-size unlimited;"


class Bind(Program):
    """`named`. It keeps the case of owner names and of names in rdata."""

    command = "named"
    package = "bind9"
    tls: tuple[int, str, str] | None = None
    """Port, certificate and private key (PEM) to serve also over TLS (RFC 9103). Set this before it starts."""
    six = False
    """Whether it also listens on ::1, at the same port. Set this before it starts."""
    zone_options = ""
    """More options of every zone. Set this before it starts."""
    controlled = False
    """Whether it obeys `rndc`. Set this before it starts."""

    def configuration(self, directory: Path) -> str:
        """Return a `named.conf` for our zones and keys only."""
        keys = "\n".join(
            f'key "{key.name}" {{ algorithm {key.algorithm}; secret "{key.secret}"; }};' for key in self.keys
        )
        return f"""
            options {{
              directory "{directory}";
              pid-file "{directory}/pid";
              session-keyfile "{directory}/session.key";
              listen-on port {self.port} {{ {self.host}; }};
              {self._tls_listener()}
              listen-on-v6 port {self.port} {{ {HOST_6 if self.six else "none"}; }};
              server-id "{self.identity}";
              recursion no;
              dnssec-validation no;
              notify no;
              transfers-out 100;
              check-names primary ignore;
              check-names secondary ignore;
              check-dup-records ignore;
              check-integrity no;
              check-spf ignore;
              {self._catalog()}
              {_LIMITS if self._version() >= (9, 18, 28) else ""}
            }};
            {self._controls()}
            {keys}
            {self._tls_keys(directory)}
            {"".join(map(self._zone, self.zones))}
        """

    def arguments(self, configuration: Path) -> list[str]:
        """Keep `named` in the foreground."""
        return ["-g", "-c", str(configuration)]

    def rndc(self, *words: str) -> None:
        """Have `rndc` give it an order, such as `freeze` and a zone."""
        where = [program("rndc"), "-s", HOST, "-p", str(self._control), "-k", str(self.directory / "rndc.key")]
        subprocess.run([*where, *words], check=True, capture_output=True)

    def _controls(self) -> str:
        if not self.controlled:
            return "controls { };"
        self._control = free_port()
        key = f'key "control." {{ algorithm hmac-sha256; secret "{secrets.token_hex(16)}"; }};'
        (self.directory / "rndc.key").write_text(key)
        return f'{key} controls {{ inet {HOST} port {self._control} allow {{ {HOST}; }} keys {{ "control."; }}; }};'

    def _catalog(self) -> str:
        if not (self.catalog and self.source):
            return ""
        primaries = f"default-primaries port {self.source.port} {{ {self.source.host}; }}"
        return f'catalog-zones {{ zone "{self.catalog}" {primaries} in-memory yes min-update-interval 0; }};'

    def _tls_listener(self) -> str:
        return f"listen-on port {self.tls[0]} tls primary {{ {self.host}; }};" if self.tls else ""

    def _tls_keys(self, directory: Path) -> str:
        if not self.tls:
            return ""
        for name, text in zip(("certificate", "key"), self.tls[1:], strict=True):
            (directory / name).write_text(text)
        files = f'cert-file "{directory / "certificate"}"; key-file "{directory / "key"}";'
        return f"tls primary {{ {files} protocols {{ TLSv1.3; }}; }};"

    def _zone(self, zone: str) -> str:
        required = self.require_key.get(zone)
        who = f'key "{required}"' if required else "any"
        kind = "type primary;"
        if self.source:
            kind = f"type secondary; primaries port {self.source.port} {{ {self.source.host}; }};"
        return f"""
            zone "{zone}" {{
              {kind} file "{self.zone_file(zone)}"; allow-transfer {{ {who}; }};
              {_JOURNAL if self.increments else ""}
              {f"allow-update {{ {who}; }};" if self.updates else ""}
              {self.zone_options}
            }};
        """

    @classmethod
    def _version(cls) -> tuple[int, ...]:
        said = subprocess.run([cls._path(), "-v"], capture_output=True, text=True, check=True).stdout
        return tuple(int(part) for part in re.search(r"(\d+)\.(\d+)\.(\d+)", said).groups())
