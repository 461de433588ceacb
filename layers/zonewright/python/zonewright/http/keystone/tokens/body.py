"""Read a login (contract `keystone.md`, section 2)."""

from zonewright.errors import MethodNotOffered
from zonewright.http.keystone.bodies import Object, document, obj, optional, part, required, text, wrong
from zonewright.http.message import Request
from zonewright.model.login import Login, Method, Named, Scope, ScopeKind

_DOMAIN_ID, _DOMAIN_NAME = "default", "default"
"""The only domain: its id, and its name in lower case."""

_SCOPES = {
    "project": ScopeKind.PROJECT,
    "domain": ScopeKind.DOMAIN,
    "system": ScopeKind.SYSTEM,
    "unscoped": ScopeKind.UNSCOPED,
}


def login(request: Request) -> Login:
    """Return what the body asks for. Unknown keys are ignored.

    Raise Invalid if its shape is wrong, MethodNotOffered if it asks for another method, or for several.
    """
    auth = part(document(request), "auth", "the body")
    identity = part(auth, "identity", "auth")
    methods = identity.get("methods")
    if not isinstance(methods, list) or not methods:
        raise wrong("auth.identity.methods", "must list a method")
    names = list(dict.fromkeys(text(each, "auth.identity.methods") for each in methods))
    foreign = [each for each in names if each not in set(Method)]
    if foreign or len(names) > 1:
        raise MethodNotOffered(method=(foreign or [" with ".join(names)])[0][:64])
    method = Method(names[0])
    return _METHODS[method](part(identity, method, "auth.identity"), _scope(auth))


def _password(given: Object, scope: Scope) -> Login:
    path = "auth.identity.password.user"
    user = part(given, "user", "auth.identity.password")
    return Login(Method.PASSWORD, required(user, "password", path), user=_named(user, path), scope=scope)


def _credential(given: Object, scope: Scope) -> Login:
    path = "auth.identity.application_credential"
    named = Named(optional(given, "id", path), optional(given, "name", path))
    if not named.text:
        raise wrong(path, "needs id or name")
    user = None if named.id else _named(part(given, "user", path), f"{path}.user")
    return Login(Method.CREDENTIAL, required(given, "secret", path), user=user, credential=named, scope=scope)


def _token(given: Object, scope: Scope) -> Login:
    return Login(Method.TOKEN, required(given, "id", "auth.identity.token"), scope=scope)


_METHODS = {Method.PASSWORD: _password, Method.CREDENTIAL: _credential, Method.TOKEN: _token}


def _scope(auth: Object) -> Scope:
    given = auth.get("scope")
    if given is None:
        return Scope()
    if given == "unscoped":
        return Scope(ScopeKind.UNSCOPED)
    scope = obj(given, "auth.scope")
    kinds = [kind for name, kind in _SCOPES.items() if scope.get(name) is not None]
    if len(kinds) > 1:
        raise wrong("auth.scope", "names more than one thing")
    if not kinds:
        return Scope()
    if kinds == [ScopeKind.PROJECT]:
        return Scope(ScopeKind.PROJECT, _named(obj(scope["project"], "auth.scope.project"), "auth.scope.project"))
    if kinds == [ScopeKind.SYSTEM] and obj(scope["system"], "auth.scope.system").get("all") is not True:
        raise wrong("auth.scope.system", "must be all")
    return Scope(kinds[0])


def _named(given: Object, path: str) -> Named:
    """Return a user or a project. Its domain is the only one, or it is nobody's."""
    found_id, name = optional(given, "id", path), optional(given, "name", path)
    if not found_id and not name:
        raise wrong(path, "needs id or name")
    domain = {} if given.get("domain") is None else obj(given["domain"], f"{path}.domain")
    domain_id, domain_name = optional(domain, "id", f"{path}.domain"), optional(domain, "name", f"{path}.domain")
    ours = domain_id in (None, _DOMAIN_ID) and (domain_name or _DOMAIN_NAME).casefold() == _DOMAIN_NAME
    return Named(found_id or None, name, ours)
