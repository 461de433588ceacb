"""The entry of Identity v3 in lists of versions: `GET /` lists two services, of two dialects."""

from typing import TYPE_CHECKING

from zonewright.http.message import Request

if TYPE_CHECKING:
    from zonewright.http.answers import IdentityVersion


def entry(request: Request) -> "IdentityVersion":
    """Return the version of the Identity API as lists of versions show it."""
    media_type = "application/vnd.openstack.identity-v3+json"
    return {
        "id": "v3.14",
        "status": "stable",
        "updated": "2026-11-28T00:00:00Z",
        "links": [{"rel": "self", "href": f"{request.base_url}/v3/"}],
        "media-types": [{"base": "application/json", "type": media_type}],
    }
