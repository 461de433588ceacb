"""The operator's own certificate authorities, for primaries over TLS: one item, PEM text."""

from zonewright.store import keys
from zonewright.store.table import Delete, Put, Table


def get(table: Table) -> str:
    """Return the certificates. The text is empty if only the public authorities are trusted."""
    item = table.get(keys.AUTHORITIES) or {}
    return str(item.get("certificates", ""))


def put(table: Table, certificates: str) -> None:
    """Replace the certificates. An empty text leaves only the public authorities."""
    table.write(Put({**keys.AUTHORITIES, "certificates": certificates}) if certificates else Delete(keys.AUTHORITIES))
