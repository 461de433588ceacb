"""Every route of the service: who takes which method on which path. `template.yaml` says the same to API Gateway."""

from dataclasses import dataclass

from zonewright.errors import MethodNotAllowed, PathNotFound, RequestError


@dataclass(frozen=True, slots=True)
class Route:
    """One route; `function` is the module under `functions/`, its folder the dialect."""

    method: str
    path: str
    function: str

    def covers(self, path: str) -> bool:
        """Whether `path` fits, whatever the method."""
        mine, theirs = self.path.split("/"), path.split("/")
        return len(mine) == len(theirs) and all(
            here == there or (there and here.startswith("{")) for here, there in zip(mine, theirs, strict=True)
        )


ROUTES = (
    # -- designate, versions, zones
    Route("GET", "/", "designate/versions"),
    Route("GET", "/v2", "designate/versions"),
    Route("POST", "/v2/zones", "designate/create_zone"),
    Route("GET", "/v2/zones", "designate/list_zones"),
    Route("GET", "/v2/zones/{zone_id}", "designate/get_zone"),
    Route("PATCH", "/v2/zones/{zone_id}", "designate/update_zone"),
    Route("DELETE", "/v2/zones/{zone_id}", "designate/delete_zone"),
    # -- designate, record sets
    Route("GET", "/v2/zones/{zone_id}/recordsets", "designate/list_recordsets"),
    Route("GET", "/v2/zones/{zone_id}/recordsets/{recordset_id}", "designate/get_recordset"),
    Route("POST", "/v2/zones/{zone_id}/recordsets", "designate/create_recordset"),
    Route("PUT", "/v2/zones/{zone_id}/recordsets/{recordset_id}", "designate/update_recordset"),
    Route("DELETE", "/v2/zones/{zone_id}/recordsets/{recordset_id}", "designate/delete_recordset"),
    Route("GET", "/v2/recordsets", "designate/list_all_recordsets"),
    Route("GET", "/v2/recordsets/{recordset_id}", "designate/find_recordset"),
    # -- designate, about a zone
    Route("GET", "/v2/zones/{zone_id}/nameservers", "designate/list_nameservers"),
    Route("POST", "/v2/zones/{zone_id}/tasks/xfr", "designate/transfer_zone"),
    Route("POST", "/v2/zones/{zone_id}/tasks/restore", "designate/restore_zone"),
    # -- designate, tasks of zones
    Route("POST", "/v2/zones/tasks/imports", "designate/create_import"),
    Route("GET", "/v2/zones/tasks/imports", "designate/list_imports"),
    Route("GET", "/v2/zones/tasks/imports/{import_id}", "designate/get_import"),
    Route("DELETE", "/v2/zones/tasks/imports/{import_id}", "designate/delete_import"),
    Route("POST", "/v2/zones/{zone_id}/tasks/export", "designate/create_export"),
    Route("GET", "/v2/zones/tasks/exports", "designate/list_exports"),
    Route("GET", "/v2/zones/tasks/exports/{export_id}", "designate/get_export"),
    Route("GET", "/v2/zones/tasks/exports/{export_id}/export", "designate/show_export"),
    Route("DELETE", "/v2/zones/tasks/exports/{export_id}", "designate/delete_export"),
    # -- designate, owners
    Route("POST", "/v2/zones/{zone_id}/tasks/transfer_requests", "designate/create_transfer_request"),
    Route("GET", "/v2/zones/tasks/transfer_requests", "designate/list_transfer_requests"),
    Route("GET", "/v2/zones/tasks/transfer_requests/{transfer_request_id}", "designate/get_transfer_request"),
    Route("PATCH", "/v2/zones/tasks/transfer_requests/{transfer_request_id}", "designate/update_transfer_request"),
    Route("DELETE", "/v2/zones/tasks/transfer_requests/{transfer_request_id}", "designate/delete_transfer_request"),
    Route("POST", "/v2/zones/tasks/transfer_accepts", "designate/create_transfer_accept"),
    Route("GET", "/v2/zones/tasks/transfer_accepts", "designate/list_transfer_accepts"),
    Route("GET", "/v2/zones/tasks/transfer_accepts/{transfer_accept_id}", "designate/get_transfer_accept"),
    Route("POST", "/v2/zones/{zone_id}/shares", "designate/create_share"),
    Route("GET", "/v2/zones/{zone_id}/shares", "designate/list_shares"),
    Route("GET", "/v2/zones/{zone_id}/shares/{share_id}", "designate/get_share"),
    Route("DELETE", "/v2/zones/{zone_id}/shares/{share_id}", "designate/delete_share"),
    # -- designate, operators
    Route("GET", "/v2/limits", "designate/limits"),
    Route("GET", "/v2/quotas", "designate/get_quotas"),
    Route("GET", "/v2/quotas/{project_id}", "designate/get_quotas"),
    Route("PATCH", "/v2/quotas/{project_id}", "designate/update_quotas"),
    Route("DELETE", "/v2/quotas/{project_id}", "designate/reset_quotas"),
    Route("GET", "/v2/pools", "designate/list_pools"),
    Route("GET", "/v2/pools/{pool_id}", "designate/get_pool"),
    Route("POST", "/v2/tsigkeys", "designate/create_tsig_key"),
    Route("GET", "/v2/tsigkeys", "designate/list_tsig_keys"),
    Route("GET", "/v2/tsigkeys/{tsigkey_id}", "designate/get_tsig_key"),
    Route("PATCH", "/v2/tsigkeys/{tsigkey_id}", "designate/update_tsig_key"),
    Route("DELETE", "/v2/tsigkeys/{tsigkey_id}", "designate/delete_tsig_key"),
    Route("POST", "/v2/zones/{zone_id}/tasks/abandon", "designate/abandon_zone"),
    # -- the document of the API
    Route("GET", "/openapi.json", "edge/openapi"),
    Route("GET", "/docs", "edge/docs"),
    Route("GET", "/docs/{asset}", "edge/docs"),
    # -- vinyldns
    Route("POST", "/zones/{zoneId}/sync", "vinyldns/sync_zone"),
    Route("GET", "/zones/{zoneId}", "vinyldns/get_zone"),
    Route("GET", "/zones/{zoneId}/changes", "vinyldns/list_zone_changes"),
    Route("GET", "/zones/{zoneId}/changes/{changeId}/recordsetchanges", "vinyldns/show_zone_change"),
    Route("GET", "/zones/{zoneId}/recordsetchanges", "vinyldns/list_recordset_changes"),
    Route("GET", "/zones/{zoneId}/dryruns/{dryRunId}", "vinyldns/get_dry_run"),
)


def speaks_designate(path: str) -> bool:
    """Whether this path is answered in Designate's words; so is what belongs to neither dialect."""
    return path in ("/", "/v2", "/openapi.json", "/docs") or path.startswith(("/v2/", "/docs/"))


def without_slash(path: str) -> str | None:
    """The known path in Designate's words that this one is but for slashes at its end; API Gateway tells them apart."""
    plain = path.rstrip("/")
    known = plain != path and speaks_designate(plain) and any(route.covers(plain) for route in ROUTES)
    return plain if known else None


def refusal(method: str, path: str) -> RequestError:
    """Why no route takes this: an unknown path, or a known one that takes other methods."""
    allowed = sorted({route.method for route in ROUTES if route.covers(path)})
    if not allowed or method in allowed:
        return PathNotFound(f"The requested path [{path}] does not exist.")
    return MethodNotAllowed(f"HTTP method not allowed, supported methods: {', '.join(allowed)}", allowed)
