"""/v3: the login door."""

from zonewright.http.resource import Resource

handler = Resource(
    __package__,
    {
        "GET /v3": "version",
        "POST /v3/auth/tokens": "create_token",
        "GET /v3/auth/tokens": "show_token",
        "HEAD /v3/auth/tokens": "show_token",
        "DELETE /v3/auth/tokens": "revoke_token",
        "GET /v3/auth/catalog": "show_catalog",
        "GET /v3/auth/projects": "list_own_projects",
        "GET /v3/users/{user_id}/projects": "list_own_projects",
        "GET /v3/projects": "list_projects",
        "GET /v3/projects/{project_id}": "get_project",
        "GET /v3/users/{user_id}": "get_user",
        "GET /v3/users/{user_id}/application_credentials": "list_credentials",
        "POST /v3/users/{user_id}/application_credentials": "create_credential",
        "GET /v3/users/{user_id}/application_credentials/{application_credential_id}": "get_credential",
        "DELETE /v3/users/{user_id}/application_credentials/{application_credential_id}": "delete_credential",
    },
)
