"""The API document of projects and users."""

from typing import Annotated

from zonewright.http.keystone.doc import NAME, error
from zonewright.http.keystone.projects.answer import OneProject, ProjectFields, Projects
from zonewright.http.keystone.requests import MOST
from zonewright.http.keystone.users.answer import OneUser, UserFields
from zonewright.http.openapi.operations import Operation, Topic, answer, query
from zonewright.http.openapi.schemas import Shape
from zonewright.http.schema import Schema

_LIMIT = query("limit", Annotated[int, Schema(minimum=1, default=MOST)], f"Entries of a page, at most {MOST}")
_MARKER = query("marker", str, "The id of the last entry of the page before")

OPERATIONS = {
    "GET /v3/auth/projects": Operation(
        name="list_own_projects",
        summary="List the projects that the caller may log in to",
        answers={200: answer("All of them", Projects)},
    ),
    "GET /v3/users/{user_id}/projects": Operation(
        name="list_projects_of_user",
        summary="List the projects of the caller's own user",
        answers={200: answer("All of them", Projects)},
    ),
    "GET /v3/projects": Operation(
        name="list_projects",
        summary="List projects",
        description="Of a super user or a support user all, by name; of others their own.",
        answers={
            200: answer("A page", Projects),
            400: error("The limit is no positive number"),
            404: error("There is no project with the id of the marker"),
        },
        parameters=(NAME, _LIMIT, _MARKER),
    ),
    "GET /v3/projects/{project_id}": Operation(
        name="get_project",
        summary="Show a project",
        answers={200: answer("The project", OneProject), 404: error("No such project that the caller may see")},
    ),
    "GET /v3/users/{user_id}": Operation(
        name="get_identity_user",
        summary="Show the caller's own user; of a super user, any",
        answers={200: answer("The user", OneUser), 404: error("No such user")},
    ),
}

SCHEMAS = {"Project": Shape(of=ProjectFields), "IdentityUser": Shape(of=UserFields)}

TOPIC = Topic("Identity", OPERATIONS, SCHEMAS)
