"""The certificate authorities believed beside the public ones, for primaries over TLS: one item, PEM text."""

from zonewright.store import keys
from zonewright.store.table import Delete, Put, Table


def get(table: Table) -> str:
    """The certificates; empty where only the public authorities are believed."""
    item = table.get(keys.AUTHORITIES) or {}
    return str(item.get("certificates", ""))


def put(table: Table, certificates: str) -> None:
    """Believe these from now on, in place of the former; none where the text is empty."""
    table.write(Put({**keys.AUTHORITIES, "certificates": certificates}) if certificates else Delete(keys.AUTHORITIES))
