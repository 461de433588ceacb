"""Projects, users and application credentials: contract `keystone.md`, section 1."""

import pytest
from support import people
from support.calls import GROUP, HOST, NOBODYS, STRANGERS_GROUP, call, event
from support.logins import SECRET, credential, headers, login, make_credential, make_reader, password, token
from zonewright.model.credentials import MOST
from zonewright.store import credentials

from functions.designate import list_zones
from functions.keystone import (
    create_credential,
    delete_credential,
    get_credential,
    get_project,
    get_user,
    list_credentials,
    list_own_projects,
    list_projects,
    version,
)

PROJECT = {
    "id": GROUP,
    "name": "ok-group",
    "domain_id": "default",
    "parent_id": "default",
    "description": "",
    "enabled": True,
    "is_domain": False,
    "tags": [],
    "options": {},
    "links": {"self": f"{HOST}/v3/projects/{GROUP}"},
}
CREDENTIALS = "/v3/users/ok/application_credentials"
NO_OTHER = "user ok may see no other user"


def error(answer):
    return answer.status, answer.json["error"]["message"]


def names(answer):
    assert answer.status == 200, answer.body
    return [each["name"] for each in answer.json["projects"]]


@pytest.fixture
def root(service):
    """The headers of a super user in the groups `red` and `blue`."""
    people.group(service, "red")
    people.group(service, "blue")
    return people.user(service, "root", "red", "blue", is_super=True)


def test_anyone_may_ask_for_the_version(service):
    answer = call(version.handler, event("keystone_version"))

    assert (answer.status, answer.json) == (
        200,
        {
            "version": {
                "id": "v3.14",
                "status": "stable",
                "updated": "2026-11-28T00:00:00Z",
                "links": [{"rel": "self", "href": f"{HOST}/v3/"}],
                "media-types": [
                    {"base": "application/json", "type": "application/vnd.openstack.identity-v3+json"},
                ],
            }
        },
    )


# --- Projects


def test_a_caller_sees_its_own_projects(service):
    own = call(list_own_projects.handler, event("keystone_list_own_projects"))
    listed = call(list_projects.handler, event("keystone_list_projects"))
    shown = call(get_project.handler, event("keystone_get_project"))

    links = {"self": f"{HOST}/v3/auth/projects", "next": None, "previous": None}
    assert own.json == {"projects": [PROJECT], "links": links}
    assert listed.json == {"projects": [PROJECT], "links": links | {"self": f"{HOST}/v3/projects"}}
    assert (shown.status, shown.json) == (200, {"project": PROJECT})


def test_projects_below_the_user_are_those_of_the_caller(service):
    key = "GET /v3/users/{user_id}/projects"

    def asked(user_id):
        path = {"routeKey": key, "rawPath": f"/v3/users/{user_id}/projects", "pathParameters": {"user_id": user_id}}
        return call(list_own_projects.handler, event("keystone_list_own_projects") | path)

    assert names(asked("ok")) == ["ok-group"]
    assert error(asked("stranger")) == error(asked(NOBODYS)) == (403, NO_OTHER)


def test_a_login_token_shows_all_projects_that_it_may_be_exchanged_for(service, root):
    sent = headers(password("root", "s"))
    make_credential(service, "bound", "root", "red")

    unscoped = call(list_own_projects.handler, event("keystone_list_own_projects", headers=sent))
    bound = call(list_own_projects.handler, event("keystone_list_own_projects", headers=headers(credential("bound"))))
    of_api = call(list_own_projects.handler, event("keystone_list_own_projects", headers=root))

    assert (names(unscoped), names(bound), names(of_api)) == (["blue", "red"], ["red"], ["red"])


def test_anothers_project_is_not_there(service):
    theirs, nobodys = (
        call(get_project.handler, event("keystone_get_project", zone=each)) for each in (STRANGERS_GROUP, NOBODYS)
    )

    assert error(theirs) == (404, f"Could not find project: {STRANGERS_GROUP}")
    assert error(nobodys) == (404, f"Could not find project: {NOBODYS}")


def test_operators_see_all_projects_by_name_in_pages(service, root):
    def page(query=""):
        return call(list_projects.handler, event("keystone_list_projects", headers=root, rawQueryString=query))

    whole, first = page(), page("limit=3")
    following = first.json["links"]["next"]
    second = page(following.partition("?")[2])

    assert names(whole) == ["blue", "ok-group", "red", "stranger-group"]
    assert (names(first), names(second)) == (["blue", "ok-group", "red"], ["stranger-group"])
    assert second.json["links"]["next"] is None
    assert names(page("name=red")) == ["red"]
    assert names(page("name=RED")) == names(page("name=nobody")) == []
    assert call(get_project.handler, event("keystone_get_project", headers=root)).json == {"project": PROJECT}
    assert error(page("marker=nobody"))[0] == 404
    assert error(page("limit=0"))[0] == error(page("limit=x"))[0] == 400


def test_others_filter_their_own_by_name(service):
    def named(name):
        return call(list_projects.handler, event("keystone_list_projects", rawQueryString=f"name={name}"))

    assert names(named("ok-group")) == ["ok-group"]
    assert names(named("stranger-group")) == []


# --- Users


def test_a_caller_sees_its_own_user_and_a_super_user_any(service, root):
    own = call(get_user.handler, event("keystone_get_user"))
    others = [call(get_user.handler, event("keystone_get_user", zone=each)) for each in ("stranger", NOBODYS)]
    seen = call(get_user.handler, event("keystone_get_user", headers=root))
    nobody = call(get_user.handler, event("keystone_get_user", headers=root, zone=NOBODYS))

    assert own.json == {
        "user": {
            "id": "ok",
            "name": "ok",
            "email": None,
            "domain_id": "default",
            "enabled": True,
            "password_expires_at": None,
            "options": {},
            "links": {"self": f"{HOST}/v3/users/ok"},
        }
    }
    assert [error(each) for each in others] == [(403, NO_OTHER)] * 2
    assert (seen.json, nobody.status) == (own.json, 404)


# --- Application credentials


def test_a_credential_is_made_shown_listed_and_deleted(service):
    made = call(create_credential.handler, event("keystone_create_credential"))
    fields = made.json["application_credential"]
    made_id, secret = fields["id"], fields.pop("secret")
    shown = call(get_credential.handler, event("keystone_get_credential", zone="ok", part=made_id))
    listed = call(list_credentials.handler, event("keystone_list_credentials", rawQueryString="name=ci"))
    bought = headers(credential(made_id, secret))
    gone = call(delete_credential.handler, event("keystone_delete_credential", zone="ok", part=made_id))
    after = call(list_credentials.handler, event("keystone_list_credentials"))

    assert (made.status, made.headers["cache-control"]) == (201, "no-store")
    assert fields == {
        "id": made_id,
        "name": "ci",
        "description": None,
        "project_id": GROUP,
        "roles": [{"id": "member", "name": "member"}],
        "expires_at": None,
        "unrestricted": False,
        "access_rules": None,
        "links": {"self": f"{HOST}{CREDENTIALS}/{made_id}"},
    }
    assert (shown.json, listed.json["application_credentials"]) == ({"application_credential": fields}, [fields])
    assert (gone.status, gone.body, after.json["application_credentials"]) == (204, "", [])
    assert call(list_zones.handler, event("designate_list_zones", headers=bought)).status == 401
    assert login(credential(made_id, secret)).status == 401
    assert secret not in str(service.table.client.scan(TableName=service.table.name))


def test_a_reader_with_an_end(service):
    wanted = {"name": "look", "roles": [{"name": "reader"}], "expires_at": "2026-02-01T00:00:00.000000"}

    made = call(
        create_credential.handler, event("keystone_create_credential", json={"application_credential": wanted})
    ).json["application_credential"]

    assert [each["name"] for each in made["roles"]] == ["reader"]
    assert made["expires_at"] == "2026-02-01T00:00:00.000000Z"


def test_a_name_is_unique_to_its_user(service):
    call(create_credential.handler, event("keystone_create_credential"))

    again = call(create_credential.handler, event("keystone_create_credential"))

    assert error(again) == (409, "The user has an application credential named ci already")


@pytest.mark.parametrize(
    ("wanted", "message"),
    [
        (None, "the body.application_credential is missing"),
        ({}, "application_credential.name is missing"),
        ({"name": ""}, "application_credential.name must have 1 to 255 printable characters"),
        ({"name": "x" * 256}, "application_credential.name must have 1 to 255 printable characters"),
        ({"name": "a\x00"}, "application_credential.name must have 1 to 255 printable characters"),
        ({"name": "x", "description": "\ud800"}, "application_credential.description must have at most 255"),
        ({"name": "x", "secret": "own"}, "application_credential.secret is made by the service: leave it out"),
        ({"name": "x", "unrestricted": True}, "application_credential.unrestricted must be false"),
        ({"name": "x", "access_rules": [{"path": "/"}]}, "application_credential.access_rules must be empty"),
        ({"name": "x", "roles": 7}, "application_credential.roles must be a list"),
        ({"name": "x", "roles": [{"name": "admin"}]}, "application_credential.roles must be member or reader"),
        ({"name": "x", "roles": [{}]}, "application_credential.roles.id is missing"),
        ({"name": "x", "expires_at": "soon"}, "application_credential.expires_at must be a time such as"),
        ({"name": "x", "expires_at": "0001-01-01T00:00:00+23:59"}, "application_credential.expires_at must be a time"),
        (
            {"name": "x", "expires_at": "2026-01-15T12:34:56Z"},
            "application_credential.expires_at must be in the future",
        ),
    ],
)
def test_what_no_credential_can_be_is_a_400(service, wanted, message):
    body = {"application_credential": wanted}

    answer = call(create_credential.handler, event("keystone_create_credential", json=body))

    assert answer.status == 400
    assert answer.json["error"]["message"].startswith(message)


def test_a_token_of_a_credential_makes_and_deletes_none(service):
    make_credential(service)
    bound = headers(credential())

    made = call(create_credential.handler, event("keystone_create_credential", headers=bound))
    gone = call(delete_credential.handler, event("keystone_delete_credential", headers=bound, zone="ok", part="ci"))

    refused = (403, "a token of an application credential makes and deletes none")
    assert error(made) == error(gone) == refused
    assert credentials.get(service.table, "ci") is not None


def test_a_reader_makes_and_deletes_none(service):
    reader = make_reader(service)

    made = call(create_credential.handler, event("keystone_create_credential", headers=reader))

    assert error(made) == (403, "user ok has the role reader here, and may only read")


def test_a_credential_needs_a_project(service):
    unscoped = headers(token("zw_0123456789abcdefghijklmnopqrstuv", scope="unscoped"))
    of_user = headers(password(scope="unscoped"))

    bound = call(create_credential.handler, event("keystone_create_credential", headers=unscoped))
    free = call(create_credential.handler, event("keystone_create_credential", headers=of_user))

    assert (bound.status, free.status) == (403, 400)


def test_credentials_of_others_are_not_there(service):
    make_credential(service, "theirs", "stranger", STRANGERS_GROUP)

    for handler, name in (
        (get_credential, "keystone_get_credential"),
        (delete_credential, "keystone_delete_credential"),
    ):
        own_path = call(handler.handler, event(name, zone="ok", part="theirs"))
        their_path = call(handler.handler, event(name, zone="stranger", part="theirs"))
        a_name = call(handler.handler, event(name, zone="ok", part="ci"))

        assert error(own_path) == (404, "Could not find application credential: theirs")
        assert error(their_path) == (403, NO_OTHER)
        assert a_name.status == 404
    assert call(list_credentials.handler, event("keystone_list_credentials", zone="stranger")).status == 403
    assert login(credential("theirs", SECRET)).status == 201


def test_a_user_has_so_many_credentials_and_no_more(service):
    for number in range(MOST):
        make_credential(service, f"c{number}")

    answer = call(create_credential.handler, event("keystone_create_credential"))

    assert error(answer) == (403, "application credentials: a user may have 100")
