"""Read a new application credential (contract `keystone.md`, section 1)."""

from datetime import UTC, datetime

from zonewright.actions.identities import NewCredential
from zonewright.http.keystone.bodies import Object, document, obj, optional, part, required, wrong
from zonewright.http.message import Request
from zonewright.model.credentials import LONGEST_NAME

_PATH = "application_credential"
_ROLES = {"member", "reader"}


def new(request: Request) -> NewCredential:
    """Return the credential to make. Unknown keys are ignored. Raise Invalid."""
    given = part(document(request), _PATH, "the body")
    name = required(given, "name", _PATH)
    if not (0 < len(name) <= LONGEST_NAME and name.isprintable()):
        raise wrong(f"{_PATH}.name", f"must have 1 to {LONGEST_NAME} printable characters")
    description = optional(given, "description", _PATH)
    if description is not None and not (len(description) <= LONGEST_NAME and description.isprintable()):
        raise wrong(f"{_PATH}.description", f"must have at most {LONGEST_NAME} printable characters")
    if given.get("secret") is not None:
        raise wrong(f"{_PATH}.secret", "is made by the service: leave it out")
    if given.get("unrestricted") not in (None, False):
        raise wrong(f"{_PATH}.unrestricted", "must be false")
    if given.get("access_rules") not in (None, []):
        raise wrong(f"{_PATH}.access_rules", "must be empty: there are none")
    return NewCredential(name, description, reader=_reader(given), expires=_expires(given))


def _reader(given: Object) -> bool:
    """Return whether the only role is `reader`. Without roles it is `member`."""
    roles = given.get("roles")
    if roles is None or roles == []:
        return False
    path = f"{_PATH}.roles"
    if not isinstance(roles, list):
        raise wrong(path, "must be a list")
    named = {optional(each, "name", path) or required(each, "id", path) for each in (obj(each, path) for each in roles)}
    if not named <= _ROLES:
        raise wrong(path, "must be member or reader")
    return "member" not in named


def _expires(given: Object) -> datetime | None:
    """Return the end. A time without an offset is UTC, as Keystone takes it."""
    text = optional(given, "expires_at", _PATH)
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text)
        moment = moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    except (ValueError, OverflowError) as error:
        raise wrong(f"{_PATH}.expires_at", "must be a time such as 2026-12-31T00:00:00Z") from error
    return moment
