"""Send requests about imports."""

import json

from functions.designate.imports import create_import, get_import, list_imports
from support.calls import GROUP, HOST, call, event

UNKNOWN = "074e805e-fe87-4cbb-b10b-21a06e215d41"


def seed(name="example.com."):
    """Return the master file of the example in events/, for a zone of this name."""
    return event("designate_create_import")["body"].replace("example.com.", name)


def post(body=None, content_type="text/dns", **headers):
    """Create an import. Return the answer."""
    sent = event("designate_create_import", headers={"content-type": content_type, **headers})
    return call(create_import.handler, sent if body is None else sent | {"body": body})


def post_json(**body):
    """Create an import by a JSON body. Return the answer."""
    return post(json.dumps(body), "application/json")


def shown(task_id, **headers):
    """Return the answer to a GET of an import."""
    sent = event("designate_get_import", headers=headers)
    return call(get_import.handler, named(sent, task_id))


def named(sent, task_id):
    """Return an event with the id of an import in its path."""
    path = f"/v2/zones/tasks/imports/{task_id}"
    return sent | {"rawPath": path, "pathParameters": {"import_id": task_id}}


def listed(query="", **headers):
    """Return the answer to a GET of the list of imports."""
    return call(list_imports.handler, event("designate_list_imports", headers=headers) | {"rawQueryString": query})


def task_fields(task_id, **changes):
    """Return the expected fields of an import that made `example.com.`, with changes."""
    return {
        "id": task_id,
        "status": "COMPLETE",
        "message": "example.com. imported",
        "zone_id": None,
        "project_id": GROUP,
        "created_at": "2026-01-15T12:34:56.275934",
        "updated_at": None,
        "version": 1,
        "links": {"self": f"{HOST}/v2/zones/tasks/imports/{task_id}"},
    } | changes
