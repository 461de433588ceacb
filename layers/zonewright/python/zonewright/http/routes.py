"""All routes of the service, for the answers to unknown paths and methods.

`template.yaml` has the same routes, each with the function that answers it.
"""

import re
from dataclasses import dataclass

from zonewright.errors import MethodNotAllowed, PathNotFound, RequestError


@dataclass(frozen=True, slots=True)
class Route:
    """One route. A segment of `path` in braces is a parameter."""

    method: str
    path: str

    def covers(self, path: str) -> bool:
        """Return whether `path` matches this route's path. The method does not count."""
        mine, theirs = self.path.split("/"), path.split("/")
        return len(mine) == len(theirs) and all(
            here == there or (there and here.startswith("{")) for here, there in zip(mine, theirs, strict=True)
        )


ROUTES = (
    # -- designate, versions, zones
    Route("GET", "/"),
    Route("GET", "/v2"),
    Route("POST", "/v2/zones"),
    Route("GET", "/v2/zones"),
    Route("GET", "/v2/zones/{zone_id}"),
    Route("PATCH", "/v2/zones/{zone_id}"),
    Route("DELETE", "/v2/zones/{zone_id}"),
    # -- designate, record sets
    Route("GET", "/v2/zones/{zone_id}/recordsets"),
    Route("GET", "/v2/zones/{zone_id}/recordsets/{recordset_id}"),
    Route("POST", "/v2/zones/{zone_id}/recordsets"),
    Route("PATCH", "/v2/zones/{zone_id}/recordsets"),
    Route("GET", "/v2/zones/{zone_id}/changes/{change_id}"),
    Route("PUT", "/v2/zones/{zone_id}/recordsets/{recordset_id}"),
    Route("DELETE", "/v2/zones/{zone_id}/recordsets/{recordset_id}"),
    Route("GET", "/v2/recordsets"),
    Route("GET", "/v2/recordsets/{recordset_id}"),
    # -- designate, one zone
    Route("GET", "/v2/zones/{zone_id}/nameservers"),
    Route("POST", "/v2/zones/{zone_id}/tasks/xfr"),
    Route("POST", "/v2/zones/{zone_id}/tasks/restore"),
    # -- designate, tasks of zones
    Route("POST", "/v2/zones/tasks/imports"),
    Route("GET", "/v2/zones/tasks/imports"),
    Route("GET", "/v2/zones/tasks/imports/{import_id}"),
    Route("DELETE", "/v2/zones/tasks/imports/{import_id}"),
    Route("POST", "/v2/zones/{zone_id}/tasks/export"),
    Route("GET", "/v2/zones/tasks/exports"),
    Route("GET", "/v2/zones/tasks/exports/{export_id}"),
    Route("GET", "/v2/zones/tasks/exports/{export_id}/export"),
    Route("DELETE", "/v2/zones/tasks/exports/{export_id}"),
    # -- designate, owners
    Route("POST", "/v2/zones/{zone_id}/tasks/transfer_requests"),
    Route("GET", "/v2/zones/tasks/transfer_requests"),
    Route("GET", "/v2/zones/tasks/transfer_requests/{transfer_request_id}"),
    Route("PATCH", "/v2/zones/tasks/transfer_requests/{transfer_request_id}"),
    Route("DELETE", "/v2/zones/tasks/transfer_requests/{transfer_request_id}"),
    Route("POST", "/v2/zones/tasks/transfer_accepts"),
    Route("GET", "/v2/zones/tasks/transfer_accepts"),
    Route("GET", "/v2/zones/tasks/transfer_accepts/{transfer_accept_id}"),
    Route("POST", "/v2/zones/{zone_id}/shares"),
    Route("GET", "/v2/zones/{zone_id}/shares"),
    Route("GET", "/v2/zones/{zone_id}/shares/{share_id}"),
    Route("DELETE", "/v2/zones/{zone_id}/shares/{share_id}"),
    # -- designate, operators
    Route("GET", "/v2/limits"),
    Route("GET", "/v2/quotas"),
    Route("GET", "/v2/quotas/{project_id}"),
    Route("PATCH", "/v2/quotas/{project_id}"),
    Route("DELETE", "/v2/quotas/{project_id}"),
    Route("GET", "/v2/pools"),
    Route("GET", "/v2/pools/{pool_id}"),
    Route("POST", "/v2/tsigkeys"),
    Route("GET", "/v2/tsigkeys"),
    Route("GET", "/v2/tsigkeys/{tsigkey_id}"),
    Route("PATCH", "/v2/tsigkeys/{tsigkey_id}"),
    Route("DELETE", "/v2/tsigkeys/{tsigkey_id}"),
    Route("POST", "/v2/tlds"),
    Route("GET", "/v2/tlds"),
    Route("GET", "/v2/tlds/{tld_id}"),
    Route("PATCH", "/v2/tlds/{tld_id}"),
    Route("DELETE", "/v2/tlds/{tld_id}"),
    Route("POST", "/v2/blacklists"),
    Route("GET", "/v2/blacklists"),
    Route("GET", "/v2/blacklists/{blacklist_id}"),
    Route("PATCH", "/v2/blacklists/{blacklist_id}"),
    Route("DELETE", "/v2/blacklists/{blacklist_id}"),
    Route("POST", "/v2/zones/{zone_id}/tasks/abandon"),
    # -- keystone
    Route("GET", "/v3"),
    Route("POST", "/v3/auth/tokens"),
    Route("GET", "/v3/auth/tokens"),
    Route("HEAD", "/v3/auth/tokens"),
    Route("DELETE", "/v3/auth/tokens"),
    Route("GET", "/v3/auth/catalog"),
    Route("GET", "/v3/auth/projects"),
    Route("GET", "/v3/users/{user_id}/projects"),
    Route("GET", "/v3/projects"),
    Route("GET", "/v3/projects/{project_id}"),
    Route("GET", "/v3/users/{user_id}"),
    Route("GET", "/v3/users/{user_id}/application_credentials"),
    Route("POST", "/v3/users/{user_id}/application_credentials"),
    Route("GET", "/v3/users/{user_id}/application_credentials/{application_credential_id}"),
    Route("DELETE", "/v3/users/{user_id}/application_credentials/{application_credential_id}"),
    # -- the document of the API
    Route("GET", "/openapi.json"),
    Route("GET", "/docs"),
    Route("GET", "/docs/{asset}"),
    # -- vinyldns
    Route("POST", "/zones"),
    Route("PUT", "/zones/{zoneId}"),
    Route("DELETE", "/zones/{zoneId}"),
    Route("GET", "/zones"),
    Route("GET", "/zones/name/{name}"),
    Route("GET", "/zones/backendids"),
    Route("GET", "/zones/deleted/changes"),
    Route("GET", "/zones/{zoneId}/details"),
    Route("PUT", "/zones/{zoneId}/acl/rules"),
    Route("DELETE", "/zones/{zoneId}/acl/rules"),
    Route("POST", "/zones/{zoneId}/sync"),
    Route("GET", "/zones/{zoneId}"),
    Route("GET", "/zones/{zoneId}/changes"),
    Route("GET", "/zones/{zoneId}/changes/{changeId}/recordsetchanges"),
    Route("GET", "/zones/{zoneId}/recordsetchanges"),
    Route("GET", "/zones/{zoneId}/dryruns/{dryRunId}"),
    # -- vinyldns, record sets
    Route("POST", "/zones/{zoneId}/recordsets"),
    Route("PUT", "/zones/{zoneId}/recordsets/{recordSetId}"),
    Route("DELETE", "/zones/{zoneId}/recordsets/{recordSetId}"),
    Route("GET", "/zones/{zoneId}/recordsets"),
    Route("GET", "/zones/{zoneId}/recordsetcount"),
    Route("GET", "/zones/{zoneId}/recordsets/{recordSetId}"),
    Route("GET", "/zones/{zoneId}/recordsets/{recordSetId}/changes/{changeId}"),
    Route("GET", "/recordsets"),
    Route("GET", "/recordsetchange/history"),
    Route("GET", "/metrics/health/zones/{zoneId}/recordsetchangesfailure"),
    # -- vinyldns, groups and users
    Route("POST", "/groups"),
    Route("GET", "/groups"),
    Route("GET", "/groups/{groupId}"),
    Route("PUT", "/groups/{groupId}"),
    Route("DELETE", "/groups/{groupId}"),
    Route("GET", "/groups/{groupId}/members"),
    Route("GET", "/groups/{groupId}/admins"),
    Route("GET", "/groups/{groupId}/activity"),
    Route("GET", "/groups/change/{groupChangeId}"),
    Route("GET", "/groups/valid/domains"),
    Route("GET", "/users/{userId}"),
    Route("PUT", "/users/{userId}/lock"),
    Route("PUT", "/users/{userId}/unlock"),
    # -- vinyldns, service
    Route("GET", "/ping"),
    Route("GET", "/color"),
    Route("GET", "/health"),
    Route("GET", "/status"),
    Route("POST", "/status"),
    Route("GET", "/metrics/prometheus"),
    Route("GET", "/metrics/health/zonechangesfailure"),
)


OLD_LOGINS = ("/v2/tokens", "/v2.0/tokens")
"""Where clients of Keystone v2 log in. Clients of v3 try it if they are given the root as their auth URL."""


def dialect_of(path: str) -> str:
    """Return the dialect of the errors of a path: `designate`, `keystone` or `vinyldns`."""
    plain = path.rstrip("/")
    if plain == "/v3" or path.startswith("/v3/") or plain in OLD_LOGINS:
        return "keystone"
    if path in ("/", "/v2", "/openapi.json", "/docs") or path.startswith(("/v2/", "/docs/")):
        return "designate"
    return "vinyldns"


def meant(path: str) -> str | None:
    """Return the known path that is meant by an unknown one. Return None if there is none.

    It has no final slashes: API Gateway treats the two as different paths, and VinylDNS does too. A path of DNS below
    /v3 is meant below /v2: openstacksdk takes the newest version at `GET /` if it is given the root as its endpoint.
    """
    plain = path.rstrip("/")
    for each in (plain, re.sub("^/v3/", "/v2/", plain)):
        if each != path and dialect_of(each) != "vinyldns" and any(route.covers(each) for route in ROUTES):
            return each
    return None


def refusal(method: str, path: str) -> RequestError:
    """Return the error for a request without a route: MethodNotAllowed if another method has one, else PathNotFound."""
    allowed = sorted({route.method for route in ROUTES if route.covers(path)})
    if not allowed or method in allowed:
        return PathNotFound(path=path)
    return MethodNotAllowed(f"HTTP method not allowed, supported methods: {', '.join(allowed)}", allowed=tuple(allowed))
