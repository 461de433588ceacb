"""Logins: a secret is exchanged for a token that ends (contract `keystone.md`, sections 2, 3, 5 and 6).

    first read    failures of late, what the caller is named by, the project by name
    second read   the user, and the group if it is known
    one write     the token

A login that fails says one thing for every reason, and does the same reads. For a user that there is not, a decoy is
opened. Only who knew the secret learns more: that the user is locked, or may not have what was asked for.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from zonewright import clock
from zonewright.actions import bearers
from zonewright.errors import (
    AccountLocked,
    LoginRefused,
    MethodNotOffered,
    NotAuthenticated,
    NotAuthorized,
    RequestError,
    ScopeRefused,
    TokenNotFound,
    TooManyGuesses,
)
from zonewright.log import log
from zonewright.model import tokens
from zonewright.model.credentials import Credential
from zonewright.model.ids import is_id
from zonewright.model.login import Login, Method, Named, Scope, ScopeKind
from zonewright.model.tokens import Token
from zonewright.model.users import Caller, Group, User
from zonewright.service import Service
from zonewright.store import credentials, guesses, keys, loginkeys, users
from zonewright.store import tokens as store
from zonewright.store.table import Item
from zonewright.store.vault import Purpose

Key = tuple[str, str]

_LONGEST = keys.LONGEST_ACCESS_KEY
"""Characters of an access key or an id that is looked up."""

_LONGEST_NAME = 255
"""Characters of a name that is looked up. A longer one may exceed the size of a key."""

_NOBODY = keys.user("-")
"""The key of a user that there is not. It is read where no user was found, so that both take the same time."""


@dataclass(frozen=True, slots=True)
class Grant:
    """What a token is for: its user, its group unless it has none, and the credential that bought it if one did.

    `text` is the token itself, known at its login only.
    """

    token: Token
    user: User
    group: Group | None = None
    credential: Credential | None = None
    text: str = ""


@dataclass(frozen=True, slots=True)
class _Proof:
    """Who was found behind a secret, and what bounds the token: `token` has the fields that it will have."""

    user: User
    token: Token
    credential: Credential | None = None


def login(service: Service, asked: Login, source: str) -> Grant:
    """Return a new token with what it is for. `source` is the address of the caller.

    Raise LoginRefused, MethodNotOffered, ScopeRefused, AccountLocked, TooManyGuesses.
    """
    try:
        grant = _login(service, asked, source)
    except RequestError as error:
        log().info("login refused", extra={"method": asked.method, "source": source, "why": type(error).__name__})
        raise
    _tell("login", grant.token, source)
    return grant


def subject(service: Service, text: str, *, caller: Caller) -> bearers.Bearer:
    """Return the bearer of a token that the caller asks about: its own, one of its user, or any for a super user.

    Raise TokenNotFound if it is unknown, over or revoked, NotAuthorized if it is another user's.
    """
    try:
        found = bearers.find(service, text)
    except NotAuthenticated as error:
        raise TokenNotFound from error
    if found.user.id != caller.user_id and not caller.is_super:
        raise NotAuthorized(f"user {caller.user_name} may see tokens of its own only")
    return found


def revoke(service: Service, token: Token, source: str) -> None:
    """Delete a token."""
    store.delete(service.table, token.digest)
    _tell("token revoked", token, source)


def granted(service: Service, bearer: bearers.Bearer) -> Grant:
    """Return what the token of a bearer is for. An API token without an end is said to end a token's life from now."""
    token = bearer.token
    said = token if token.expires else replace(token, expires=_end(service))
    group = users.group(service.table, token.group_id) if token.group_id else None
    credential = credentials.get(service.table, token.credential_id) if token.credential_id else None
    return Grant(said, bearer.user, group, credential)


def _login(service: Service, asked: Login, source: str) -> Grant:
    now = service.now()
    if asked.method is Method.PASSWORD and not service.settings.password_login:
        raise MethodNotOffered(method=str(asked.method))
    proof, groups = _PROOFS[asked.method](service, asked, source)
    bearers.refuse_locked(proof.user)
    token = _scoped(proof, asked.scope, groups)
    text = tokens.make_login()
    made = replace(
        token,
        digest=tokens.digest(text),
        created=now,
        expires=token.expires or _end(service),
        audit_ids=(tokens.make_audit_id(), *token.audit_ids[-1:]),
    )
    group = groups.get(made.group_id or "") or (users.group(service.table, made.group_id) if made.group_id else None)
    store.put(service.table, made)
    return Grant(made, proof.user, group, proof.credential, text)


# --- Who it is


def _by_token(service: Service, asked: Login, _: str) -> tuple[_Proof, dict[str, Group]]:
    """Exchange a token for one of another scope, with the same end. Its 192 bits are not guessed, nor counted."""
    try:
        bearer = bearers.find(service, asked.secret)
    except AccountLocked:
        raise
    except NotAuthenticated as error:
        raise LoginRefused from error
    old = bearer.token
    methods = (*[each for each in old.methods if each != Method.TOKEN], str(Method.TOKEN))
    token = replace(old, methods=methods, audit_ids=old.audits)
    if not old.is_login:
        token = replace(token, api_token=old.digest, only=old.group_id)
    credential = credentials.get(service.table, old.credential_id) if old.credential_id else None
    return _Proof(bearer.user, token, credential), _project(service, asked.scope)


def _project(service: Service, scope: Scope) -> dict[str, Group]:
    """Return the group that a scope names, by its id."""
    found = _read(service, _claims_of_project(scope))
    group_id = _group_id(scope, found)
    group = users.group(service.table, group_id) if group_id and is_id(group_id) else None
    return {group.id: group} if group else {}


def _by_password(service: Service, asked: Login, source: str) -> tuple[_Proof, dict[str, Group]]:
    named = asked.user or Named()
    claims = _claims_of_user(named)
    found, counted = _first(service, [*claims, *_claims_of_project(asked.scope)], named.text, source)
    user_id = _owner(found, claims) if named.ours else None
    user, groups = _second(service, user_id, _group_id(asked.scope, found))
    if not _knows(service, user, asked.secret) or user is None:
        raise _failed(service, counted)
    token = replace(_bare(user, Method.PASSWORD), access_key=_key_used(user, named, service.now()))
    return _Proof(user, token), groups


def _by_credential(service: Service, asked: Login, source: str) -> tuple[_Proof, dict[str, Group]]:
    named, owner = asked.credential or Named(), asked.user or Named()
    claims = [] if named.id else _claims_of_user(owner)
    by_id = _claims_of_credential(named)
    who = named.id or f"{owner.text}/{named.name}"
    found, counted = _first(service, [*claims, *by_id, *_claims_of_project(asked.scope)], who, source)
    if named.id is None:
        item = _by_name(service, named, _owner(found, claims) if owner.ours else None)
    else:
        item = _under(found, by_id[0]) if by_id else None
        if item is None:
            return _by_access_key(service, asked, _under(found, by_id[1]) if by_id else None, counted)
    credential = credentials.of_item(item) if item else None
    of_user, of_group = (credential.user_id, credential.group_id) if credential else (None, None)
    user, groups = _second(service, of_user, of_group)
    now = service.now()
    right = credential is not None and credential.opens(asked.secret) and not credential.ended(now)
    if not right or credential is None or user is None or credential.group_id not in user.group_ids:
        raise _failed(service, counted)
    token = replace(
        _bare(user, Method.CREDENTIAL),
        credential_id=credential.id,
        only=credential.group_id,
        reader=credential.reader,
        expires=min(_end(service), credential.expires) if credential.expires else None,
    )
    return _Proof(user, token, credential), groups


def _by_access_key(
    service: Service, asked: Login, claim: Item | None, counted: dict[Key, int]
) -> tuple[_Proof, dict[str, Group]]:
    """Take an access key for an application credential, if its user has one group only."""
    named = asked.credential or Named()
    known = claim["user_id"] if claim and service.settings.password_login else None
    user, groups = _second(service, known, None)
    if not _knows(service, user, asked.secret) or user is None or len(user.group_ids) != 1:
        raise _failed(service, counted)
    token = replace(_bare(user, Method.CREDENTIAL), access_key=_key_used(user, named, service.now()))
    (only,) = user.group_ids
    group = users.group(service.table, only)
    return _Proof(user, replace(token, only=only)), {**groups, **({only: group} if group else {})}


_PROOFS: dict[Method, Callable[[Service, Login, str], tuple[_Proof, dict[str, Group]]]] = {
    Method.PASSWORD: _by_password,
    Method.CREDENTIAL: _by_credential,
    Method.TOKEN: _by_token,
}


def _bare(user: User, method: Method) -> Token:
    """Return a token that is for nothing yet, and has no text."""
    return Token("", user.id, None, user.created, methods=(str(method),))


def _end(service: Service) -> datetime:
    """Return when a token that is made now ends, in whole seconds as it is stored."""
    return clock.from_epoch(clock.epoch(service.now()) + service.settings.token_life)


def _knows(service: Service, user: User | None, secret: str) -> bool:
    """Return whether a secret is that of an access key of the user. It is asked of KMS for nobody too."""
    if user is None:
        return service.vault.matches_nothing(secret)
    sealed = user.keys(service.now()).values()
    return any(service.vault.matches(each, user.id, Purpose.USER, secret) for each in sealed)


def _key_used(user: User, named: Named, now: datetime) -> str:
    """Return the access key that a password login used: the named one, or else the present one."""
    return named.text if named.text in user.keys(now) else user.access_key


def _failed(service: Service, counted: dict[Key, int]) -> LoginRefused:
    guesses.note(service.table, counted, service.now())
    return LoginRefused()


# --- What it is for


def _scoped(proof: _Proof, scope: Scope, groups: dict[str, Group]) -> Token:
    """Return the token with the scope that was asked for. Raise LoginRefused, ScopeRefused."""
    user, token = proof.user, replace(proof.token, group_id=None, system=False)
    match scope.kind:
        case ScopeKind.UNSCOPED:
            return token
        case ScopeKind.DOMAIN:
            raise ScopeRefused("there are no rights to a domain: name a project")
        case ScopeKind.SYSTEM:
            if token.only or not (user.is_super or user.is_support):
                raise ScopeRefused("the system is for super users and support users, without a credential of a project")
            return replace(token, system=True)
        case ScopeKind.PROJECT:
            wanted = next((each for each in groups if _is_named(groups[each], scope.project)), None)
            if token.only and wanted != token.only:
                raise ScopeRefused("the credential is for its own project only")
            if wanted is None or wanted not in user.group_ids:
                raise LoginRefused
            return replace(token, group_id=wanted)
    only = user.group_ids[0] if len(user.group_ids) == 1 else None
    chosen = token.only or only
    if chosen is not None and chosen not in user.group_ids:
        raise LoginRefused
    return replace(token, group_id=chosen)


def _is_named(group: Group, named: Named | None) -> bool:
    """Return whether a group is the project of a scope. Names are told apart as they are claimed, not by case."""
    if named is None or not named.ours:
        return False
    return group.id == named.id if named.id else group.name.casefold() == (named.name or "").casefold()


# --- Reads


def _first(
    service: Service, claims: list[keys.ItemKey], who: str, source: str
) -> tuple[dict[Key, Item], dict[Key, int]]:
    """Return the items under `claims`, and where failures are counted. Raise TooManyGuesses if there were too many."""
    counted = guesses.places(who, source)
    found = _read(service, [*claims, *({"pk": pk, "sk": sk} for pk, sk in counted)])
    now = service.now()
    wait = max(guesses.wait(found.get(key), most, now) for key, most in counted.items())
    if wait:
        raise TooManyGuesses(f"too many logins failed: try again in {wait} s", after=wait)
    return found, counted


def _second(service: Service, user_id: str | None, group_id: str | None) -> tuple[User | None, dict[str, Group]]:
    """Return the user, and the group by its id."""
    of_user = keys.user(user_id) if user_id else _NOBODY
    of_group = keys.group(group_id if group_id and is_id(group_id) else "-")
    user, group = service.table.get_all([of_user, of_group])
    found = users.group_of_item(group) if group else None
    return users.of_item(user) if user else None, {found.id: found} if found else {}


def _read(service: Service, wanted: list[keys.ItemKey]) -> dict[Key, Item]:
    """Return the items under some keys, by key. A key may occur twice."""
    distinct = {(key["pk"], key["sk"]): key for key in wanted}
    found = service.table.get_all(list(distinct.values()))
    return {key: item for key, item in zip(distinct, found, strict=True) if item is not None}


def _under(found: dict[Key, Item], key: keys.ItemKey) -> Item | None:
    return found.get((key["pk"], key["sk"]))


def _claims_of_user(named: Named) -> list[keys.ItemKey]:
    """Return the keys of what may say who a user is: its name, its id, an access key."""
    text = named.text
    if not is_id(text, _LONGEST_NAME):
        return []
    return [keys.user_name(text), keys.user(text), *([keys.access_key(text)] if is_id(text, _LONGEST) else [])]


def _owner(found: dict[Key, Item], claims: list[keys.ItemKey]) -> str | None:
    """Return the id of the user that the first of these items names."""
    items = [item for key in claims if (item := _under(found, key))]
    return (items[0].get("user_id") or items[0]["id"]) if items else None


def _claims_of_project(scope: Scope) -> list[keys.ItemKey]:
    project = scope.project
    if project is None or project.id or not project.name or not is_id(project.name, _LONGEST_NAME):
        return []
    return [keys.group_name(project.name)]


def _group_id(scope: Scope, found: dict[Key, Item]) -> str | None:
    if scope.project is None or scope.project.id:
        return scope.project.id if scope.project else None
    claims = _claims_of_project(scope)
    claim = _under(found, claims[0]) if claims else None
    return claim["group_id"] if claim else None


def _claims_of_credential(named: Named) -> list[keys.ItemKey]:
    """Return the keys of what an id may name: a credential, or an access key."""
    if named.id is None or not is_id(named.id, _LONGEST):
        return []
    return [loginkeys.credential(named.id), keys.access_key(named.id)]


def _by_name(service: Service, named: Named, user_id: str | None) -> Item | None:
    """Return the credential of a name and a user. It reads as much where there is none."""
    name = named.name if named.name and is_id(named.name, _LONGEST_NAME) else "-"
    claim = service.table.get(loginkeys.credential_name(user_id or "-", name))
    return service.table.get(loginkeys.credential(claim["credential_id"] if claim else "-"))


def _tell(what: str, token: Token, source: str) -> None:
    """Log who did what, by the audit id of the token."""
    facts = {"audit_id": token.audits[0], "user_id": token.user_id, "group_id": token.group_id, "source": source}
    log().info(what, extra=facts | {"method": ",".join(token.methods)})
