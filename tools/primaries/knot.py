"""Knot DNS 3 as a primary. HMACs: md5, sha1, sha224, sha256, sha384, sha512."""

from pathlib import Path

from primaries.server import Key, Program


class Knot(Program):
    """`knotd`. It sends owner names, and names in the rdata of the types of RFC 1035, in lower case."""

    command = "knotd"
    package = "knot"

    def configuration(self, directory: Path) -> str:
        """Return a `knot.conf` for our zones and keys only."""
        return f"""
server:
  rundir: "{directory}"
  listen: {self.host}@{self.port}
  identity: "{self.identity}"
  udp-workers: 1
  tcp-workers: 2
  background-workers: 2
  tcp-io-timeout: 60000
control:
  listen: "{directory}/control"
database:
  storage: "{directory}"
log:
  - target: stderr
    any: info
{"key:" if self.keys else ""}
{"".join(map(self._key, self.keys))}
{self._remote()}
acl:
  - id: unsigned
    address: {self.host}
    action: {self._actions}
{"".join(map(self._signed, self.keys))}
template:
  - id: default
    semantic-checks: off
    zonefile-sync: -1
    {"journal-content: changes" if self.increments or self.updates else "journal-content: none"}
    {"zonefile-load: difference" if self.increments else ""}
{self._members()}
zone:
{"".join(map(self._zone, self.zones))}
"""

    def arguments(self, configuration: Path) -> list[str]:
        """Keep `knotd` in the foreground."""
        return ["-c", str(configuration)]

    @property
    def _actions(self) -> str:
        return "[transfer, notify]" if self.source else "[transfer, update]" if self.updates else "transfer"

    def _remote(self) -> str:
        return (
            f"""
remote:
  - id: source
    address: {self.source.host}@{self.source.port}
"""
            if self.source
            else ""
        )

    def _members(self) -> str:
        """Return the template of the members of a catalog."""
        return (
            """
  - id: member
    master: source
    acl: unsigned
    zonefile-sync: -1
"""
            if self.catalog
            else ""
        )

    def _key(self, key: Key) -> str:
        return f"""
  - id: "{key.name}"
    algorithm: {key.algorithm}
    secret: "{key.secret}"
"""

    def _signed(self, key: Key) -> str:
        return f"""
  - id: "{key.name}"
    address: {self.host}
    key: "{key.name}"
    action: {self._actions}
"""

    def _zone(self, zone: str) -> str:
        who = [f'"{key.name}"' for key in self.keys_of(zone)]
        if zone not in self.require_key:
            who.append("unsigned")
        return f"""
  - domain: "{zone}"
    file: "{self.zone_file(zone)}"
    acl: [{", ".join(who)}]
    {"master: source" if self.source else ""}
    {"expire-min-interval: 600" if self.source else ""}
    {"catalog-role: interpret" if zone == self.catalog else ""}
    {"catalog-template: member" if zone == self.catalog else ""}
"""
