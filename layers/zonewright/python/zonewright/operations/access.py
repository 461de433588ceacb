"""Commands about what callers log in with: tokens, application credentials, and the access keys of users."""

import argparse
import secrets
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from zonewright import clock
from zonewright.errors import CredentialNotFound, Invalid, UserIdNotFound
from zonewright.model import tokens
from zonewright.model.credentials import LONGEST_NAME, Credential, make_id, make_secret
from zonewright.model.tokens import Token
from zonewright.model.users import User
from zonewright.operations.parsing import moment
from zonewright.service import Service
from zonewright.store import credentials, users
from zonewright.store import tokens as store
from zonewright.store.vault import Purpose

ROLES = ("member", "reader")
_MOST_HOURS = 24 * 366
"""Hours of an overlap at most."""

Run = Callable[[Service, argparse.Namespace], Any]


def add(things: Any, user: Any) -> None:
    """Add the commands to a parser's things, and those about access keys to the verbs of `user`."""
    verbs = things.add_parser("token", help="tokens of users").add_subparsers(required=True, metavar="VERB")
    command = verbs.add_parser("create", help=create_token.__doc__)
    _add_bounds(command)
    command.set_defaults(run=create_token)
    command = verbs.add_parser("list", help=list_tokens.__doc__)
    command.add_argument("--user", required=True, metavar="ID")
    command.set_defaults(run=list_tokens)
    command = verbs.add_parser("delete", help=delete_token.__doc__)
    command.add_argument("id", help="the digest that list prints, or the token itself")
    command.set_defaults(run=delete_token)
    things_of = things.add_parser("credential", help="application credentials, by which programs log in")
    verbs = things_of.add_subparsers(required=True, metavar="VERB")
    command = verbs.add_parser("create", help=create_credential.__doc__)
    _add_bounds(command)
    command.add_argument("--name", type=_name, help="unique to the user; its id if omitted")
    command.add_argument("--description")
    command.set_defaults(run=create_credential)
    command = verbs.add_parser("list", help=list_credentials.__doc__)
    command.add_argument("--user", required=True, metavar="ID")
    command.set_defaults(run=list_credentials)
    command = verbs.add_parser("delete", help=delete_credential.__doc__)
    command.add_argument("id")
    command.set_defaults(run=delete_credential)
    command = user.add_parser("rotate", help=rotate_key.__doc__)
    command.add_argument("id")
    command.add_argument("--overlap", type=_hours, default=24, metavar="HOURS", help="of both keys (default: 24)")
    command.set_defaults(run=rotate_key)
    command = user.add_parser("retire", help=retire_key.__doc__)
    command.add_argument("id")
    command.set_defaults(run=retire_key)


def create_token(service: Service, options: argparse.Namespace) -> dict[str, str]:
    """Create an API token for a user in one of the user's groups."""
    text, now = tokens.make(), service.now()
    token = Token(
        digest=tokens.digest(text),
        user_id=options.user,
        group_id=options.group,
        created=now,
        expires=_future(options.expires, now),
        reader=options.role == "reader",
    )
    store.create(service.table, token)
    return {"token": text, "id": token.digest, "userId": options.user, "groupId": options.group}


def list_tokens(service: Service, options: argparse.Namespace) -> list[dict[str, Any]]:
    """List the valid tokens of a user, without their texts. Those of earlier releases are in no list."""
    now = service.now()
    found = [each for each in store.listing(service.table, options.user) if not each.ended(now)]
    return [
        {
            "id": each.digest,
            "kind": "login" if each.is_login else "api",
            "groupId": each.group_id,
            "role": _role(reader=each.reader),
            "methods": list(each.methods),
            "auditIds": list(each.audits),
            "credentialId": each.credential_id,
            "created": clock.to_text(each.created),
            "expires": clock.to_text(each.expires) if each.expires else None,
        }
        for each in found
    ]


def delete_token(service: Service, options: argparse.Namespace) -> dict[str, str]:
    """Delete a token. It is void at once."""
    given = options.id
    digest = tokens.digest(given) if given.startswith((tokens.PREFIX, tokens.LOGIN_PREFIX)) else given
    store.delete(service.table, digest)
    return {"id": digest}


def create_credential(service: Service, options: argparse.Namespace) -> dict[str, Any]:
    """Create an application credential for a user in one of the user's groups."""
    secret, made_id, now = make_secret(), make_id(), service.now()
    credential = Credential(
        id=made_id,
        name=options.name or made_id,
        user_id=options.user,
        group_id=options.group,
        digest=tokens.digest(secret),
        created=now,
        description=options.description,
        reader=options.role == "reader",
        expires=_future(options.expires, now),
    )
    credentials.create(service.table, credential)
    return {**_credential(credential), "secret": secret}


def list_credentials(service: Service, options: argparse.Namespace) -> list[dict[str, Any]]:
    """List the application credentials of a user, without secrets."""
    return [_credential(each) for each in credentials.listing(service.table, options.user)]


def delete_credential(service: Service, options: argparse.Namespace) -> dict[str, str]:
    """Delete an application credential. The tokens that it bought are void at once."""
    found = credentials.get(service.table, options.id)
    if found is None:
        raise CredentialNotFound(credential=options.id)
    credentials.delete(service.table, found)
    return {"id": found.id}


def rotate_key(service: Service, options: argparse.Namespace) -> dict[str, Any]:
    """Give a user a new access key. The present one stays valid for the overlap, and tokens that it bought too."""
    user, ends = _user(service, options.id), service.now() + timedelta(hours=options.overlap)
    access_key, secret_key = secrets.token_hex(10), secrets.token_hex(20)
    sealed = service.vault.seal(secret_key, user.id, Purpose.USER)
    users.rotate(service.table, user, access_key, sealed, ends)
    old = {"accessKey": user.access_key, "validUntil": clock.to_text(ends)}
    return {"id": user.id, "accessKey": access_key, "secretKey": secret_key, "old": old}


def retire_key(service: Service, options: argparse.Namespace) -> dict[str, Any]:
    """End the overlap of a user's access keys: the one from before is void at once."""
    user = _user(service, options.id)
    users.retire(service.table, user)
    return {"id": user.id, "accessKey": user.access_key}


def _user(service: Service, user_id: str) -> User:
    found = users.get(service.table, user_id)
    if found is None:
        raise UserIdNotFound(user=user_id)
    return found


def _credential(credential: Credential) -> dict[str, Any]:
    return {
        "id": credential.id,
        "name": credential.name,
        "userId": credential.user_id,
        "groupId": credential.group_id,
        "role": _role(reader=credential.reader),
        "created": clock.to_text(credential.created),
        "expires": clock.to_text(credential.expires) if credential.expires else None,
    }


def _role(*, reader: bool) -> str:
    return ROLES[reader]


def _future(end: datetime | None, now: datetime) -> datetime | None:
    if end is not None and end <= now:
        raise Invalid(f"--expires {clock.to_text(end)} is not in the future")
    return end


def _add_bounds(command: argparse.ArgumentParser) -> None:
    command.add_argument("--user", required=True, metavar="ID")
    command.add_argument("--group", required=True, metavar="ID")
    command.add_argument("--role", choices=ROLES, default="member", help="reader: it may only read (default: member)")
    command.add_argument("--expires", type=moment, metavar="TIME", help="as 2026-12-31T00:00:00Z; omitted: never")


def _name(text: str) -> str:
    if not (0 < len(text) <= LONGEST_NAME and text.isprintable()):
        raise argparse.ArgumentTypeError(f"must have 1 to {LONGEST_NAME} printable characters")
    return text


def _hours(text: str) -> int:
    if not (text.isascii() and text.isdigit() and int(text) <= _MOST_HOURS):
        raise argparse.ArgumentTypeError(f"must be hours, at most {_MOST_HOURS}")
    return int(text)
