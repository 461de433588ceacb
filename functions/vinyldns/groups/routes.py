"""/groups: groups of users, their members and their changes."""

from zonewright.http.resource import Resource

handler = Resource(
    __package__,
    {
        "POST /groups": "create_group",
        "GET /groups": "list_groups",
        "GET /groups/{groupId}": "get_group",
        "PUT /groups/{groupId}": "update_group",
        "DELETE /groups/{groupId}": "delete_group",
        "GET /groups/{groupId}/members": "list_group_members",
        "GET /groups/{groupId}/admins": "list_group_admins",
        "GET /groups/{groupId}/activity": "list_group_activity",
        "GET /groups/change/{groupChangeId}": "get_group_change",
        "GET /groups/valid/domains": "list_email_domains",
    },
)
