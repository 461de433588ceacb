"""Log in as callers do, and make what they log in with."""

from datetime import timedelta

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from zonewright.model import tokens
from zonewright.model.credentials import Credential
from zonewright.model.tokens import Token
from zonewright.store import credentials
from zonewright.store import tokens as token_store

from functions.keystone import create_token
from support.calls import GROUP, NOW, call, event

SECRET = "zwc_secret"
WRONG = "Authentication failed: the credential, its secret, or its access to the project is not right"


def password(name="ok", secret="okSecretKey", *, scope=None, **user):
    """Return the body of a login by password. `user` has other fields of the user; an id replaces name and domain."""
    named = user if "id" in user else {"name": name, "domain": {"id": "default"}, **user}
    return body("password", {"user": {**named, "password": secret}}, scope)


def credential(credential_id="ci", secret=SECRET, *, scope=None, **named):
    """Return the body of a login by application credential. `named` replaces the id."""
    return body("application_credential", {"secret": secret, **(named or {"id": credential_id})}, scope)


def token(text, *, scope=None):
    """Return the body of a login by token."""
    return body("token", {"id": text}, scope)


def body(method, given, scope=None):
    """Return the body of a login."""
    auth = {"identity": {"methods": [method], method: given}}
    return {"auth": auth if scope is None else {**auth, "scope": scope}}


def project(project_id=GROUP):
    """Return a scope that names a project by id."""
    return {"project": {"id": project_id}}


def login(asked=None, *, source=None, **changes):
    """Log in. Return the answer."""
    sent = event("keystone_create_token", **({} if asked is None else {"json": asked}), **changes)
    if source:
        sent["requestContext"]["http"]["sourceIp"] = source
    return call(create_token.handler, sent)


def headers(asked=None):
    """Log in. Return the header with the token."""
    answer = login(asked)
    assert answer.status == 201, answer.body
    return {"x-auth-token": answer.headers["x-subject-token"]}


def signed(sent, access_key, secret_key, now):
    """Return an event with a signature of Version 4 in place of its token."""
    headers = {"host": sent["headers"]["host"], "x-amz-date": f"{now:%Y%m%dT%H%M%SZ}"}
    query = f"?{sent['rawQueryString']}" if sent.get("rawQueryString") else ""
    method = sent["requestContext"]["http"]["method"]
    request = AWSRequest(method, f"https://{headers['host']}{sent['rawPath']}{query}", headers=headers)
    request.context["timestamp"] = headers["x-amz-date"]
    signer = SigV4Auth(Credentials(access_key, secret_key), "VinylDNS", "us-east-1")
    text = signer.string_to_sign(request, signer.canonical_request(request))
    credential = f"{access_key}/{headers['x-amz-date'][:8]}/us-east-1/VinylDNS/aws4_request"
    names = signer.signed_headers(signer.headers_to_sign(request))
    signature = f"Credential={credential}, SignedHeaders={names}, Signature={signer.signature(text, request)}"
    own = {name: value for name, value in sent["headers"].items() if name not in ("x-auth-token", "x-amz-date")}
    return sent | {"headers": own | headers | {"authorization": f"AWS4-HMAC-SHA256 {signature}"}}


def make_credential(service, credential_id="ci", user_id="ok", group_id=GROUP, **changes):
    """Store an application credential with the secret SECRET."""
    made = Credential(credential_id, credential_id, user_id, group_id, tokens.digest(SECRET), NOW, **changes)
    credentials.create(service.table, made)
    return made


def make_reader(service, text="zw_reader"):
    """Store an API token of the user `ok` that may only read. Return its header."""
    token_store.create(service.table, Token(tokens.digest(text), "ok", GROUP, NOW, reader=True))
    return {"x-auth-token": text}


def later(service, **passed):
    """Move the service's clock."""
    service.clock.now += timedelta(**passed)
