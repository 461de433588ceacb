"""PowerDNS 4.7 over SQLite as a primary. HMACs: md5, sha1, sha224, sha256, sha384, sha512."""

import contextlib
import sqlite3
import subprocess
from pathlib import Path

from primaries.server import Program, program

_SCHEMAS = (
    Path("/usr/share/pdns-backend-sqlite3/schema/schema.sqlite3.sql"),
    Path("/usr/share/doc/pdns-backend-sqlite3/schema.sqlite3.sql"),
)


class PowerDNS(Program):
    """`pdns_server` with the backend gsqlite3, one of those that take updates. Its caches are off."""

    command = "pdns_server"
    package = "pdns-server pdns-backend-sqlite3"
    configured_by = "pdns.conf"

    @classmethod
    def available(cls) -> bool:
        """Return whether the program, its tool and its backend are installed."""
        return super().available() and program("pdnsutil") is not None and any(map(Path.exists, _SCHEMAS))

    def configuration(self, directory: Path) -> str:
        """Return a `pdns.conf` for our zones and keys only."""
        return f"""
            launch=gsqlite3
            gsqlite3-database={directory}/zones.db
            gsqlite3-pragma-synchronous=0
            socket-dir={directory}
            local-address={self.host}
            local-port={self.port}
            server-id={self.identity}
            daemon=no
            guardian=no
            disable-syslog=yes
            security-poll-suffix=
            cache-ttl=0
            query-cache-ttl=0
            negquery-cache-ttl=0
            zone-cache-refresh-interval=0
            zone-metadata-cache-ttl=0
            allow-axfr-ips=
            dnsupdate={"yes" if self.updates else "no"}
            allow-dnsupdate-from={self.host}
        """

    def arguments(self, configuration: Path) -> list[str]:
        """Name the directory of the configuration."""
        return [f"--config-dir={configuration.parent}"]

    def prepare(self) -> None:
        """Make the database, with the zones and the keys."""
        database = self.directory / "zones.db"
        database.unlink(missing_ok=True)
        schema = next(filter(Path.exists, _SCHEMAS))
        with contextlib.closing(sqlite3.connect(database)) as connection:
            connection.executescript(schema.read_text())
        for key in self.keys:
            self._run("import-tsig-key", key.name, key.algorithm, key.secret)
        for zone in self.zones:
            self._load(zone)
            required = self.require_key.get(zone)
            for kind in ("TSIG-ALLOW-AXFR", "TSIG-ALLOW-DNSUPDATE") if required else ():
                self._run("set-meta", zone, kind, required)
            if not required:
                self._run("set-meta", zone, "ALLOW-AXFR-FROM", self.host)

    def reload(self, zone: str, text: str) -> None:
        """Load the zone anew."""
        self.zones[zone] = text
        self.zone_file(zone).write_text(text)
        self._load(zone)
        self._wait_for_zones([zone])

    def _load(self, zone: str) -> None:
        self._run("load-zone", zone, str(self.zone_file(zone)))

    def _run(self, *arguments: str) -> None:
        command = [program("pdnsutil") or "pdnsutil", f"--config-dir={self.directory}", *arguments]
        ran = subprocess.run(command, capture_output=True, text=True, check=False)
        if ran.returncode:
            raise RuntimeError(f"pdnsutil {arguments[0]} failed: {ran.stdout}{ran.stderr}")
