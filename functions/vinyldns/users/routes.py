"""/users: users, and who is locked out."""

from zonewright.http.resource import Resource

handler = Resource(
    __package__,
    {
        "GET /users/{userId}": "get_user",
        "PUT /users/{userId}/lock": "lock_user",
        "PUT /users/{userId}/unlock": "unlock_user",
    },
)
