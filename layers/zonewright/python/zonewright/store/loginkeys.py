"""The keys of what callers log in with: tokens, application credentials, and counts of failed logins (`keys.py`)."""

from datetime import datetime

from zonewright import clock
from zonewright.store.keys import ItemKey


def token(digest: str) -> ItemKey:
    """Return the key of a token. `digest` is the SHA-256 of its text."""
    return {"pk": f"TOKEN#{digest}", "sk": "TOKEN"}


def token_list(user_id: str) -> str:
    """Return the list of the tokens of a user. Those of earlier releases are in no list."""
    return f"TOKENS#{user_id}"


def token_listing(user_id: str, created: datetime, digest: str) -> ItemKey:
    """Return the place of a token in the list of its user."""
    return _listed(token_list(user_id), created, digest)


def credential(credential_id: str) -> ItemKey:
    """Return the key of an application credential."""
    return {"pk": f"CREDENTIAL#{credential_id}", "sk": "CREDENTIAL"}


def credential_name(user_id: str, name: str) -> ItemKey:
    """Return the key of the item that claims the name of an application credential of a user."""
    return {"pk": f"CREDENTIALNAME#{user_id}#{name}", "sk": "CREDENTIALNAME"}


def credential_list(user_id: str) -> str:
    """Return the list of the application credentials of a user."""
    return f"CREDENTIALS#{user_id}"


def credential_listing(user_id: str, created: datetime, credential_id: str) -> ItemKey:
    """Return the place of an application credential in the list of its user."""
    return _listed(credential_list(user_id), created, credential_id)


def guess(digest: str) -> ItemKey:
    """Return the key of the number of failed logins of a kind. `digest` hides whose and from where."""
    return {"pk": f"GUESS#{digest}", "sk": "GUESS"}


def _listed(partition: str, created: datetime, item_id: str) -> ItemKey:
    return {"gsi1pk": partition, "gsi1sk": f"{clock.to_text(created)}#{item_id}"}
