"""NSD 4 as a primary. HMACs: md5, sha1, sha224, sha256, sha384, sha512."""

from pathlib import Path

from primaries.server import Program

_JOURNAL = """
  store-ixfr: yes
  create-ixfr: yes
  ixfr-number: 100
"""


class Nsd(Program):
    """`nsd`. It sends owner names, and names in the rdata of the types that it compresses, in lower case."""

    command = "nsd"
    package = "nsd"

    def configuration(self, directory: Path) -> str:
        """Return an `nsd.conf` for our zones and keys only."""
        keys = "".join(
            f"""
key:
  name: "{key.name}"
  algorithm: {key.algorithm}
  secret: "{key.secret}"
"""
            for key in self.keys
        )
        return f"""
server:
  ip-address: {self.host}@{self.port}
  identity: "{self.identity}"
  username: ""
  chroot: ""
  database: ""
  zonesdir: "{directory}"
  pidfile: "{directory}/pid"
  xfrdfile: "{directory}/xfrd"
  xfrdir: "{directory}"
  zonelistfile: "{directory}/zones"
  zonefiles-check: yes
  server-count: 1
  rrl-ratelimit: 0
remote-control:
  control-enable: no
{keys}
{"".join(map(self._zone, self.zones))}
"""

    def arguments(self, configuration: Path) -> list[str]:
        """Keep `nsd` in the foreground."""
        return ["-d", "-c", str(configuration)]

    def _zone(self, zone: str) -> str:
        who = [f'"{key.name}"' for key in self.keys_of(zone)]
        if zone not in self.require_key:
            who.append("NOKEY")
        source = (
            f"  request-xfr: AXFR {self.source.host}@{self.source.port} NOKEY\n  min-expire-time: 600\n"
            + "\n".join(f"  allow-notify: {self.host} {key}" for key in who)
            if self.source
            else ""
        )
        allowed = "\n".join(f"  provide-xfr: {self.host} {key}" for key in who)
        return f"""
zone:
  name: "{zone}"
  zonefile: "{self.zone_file(zone)}"
{_JOURNAL if self.increments else ""}
{source}
{allowed}
"""
