import pytest
from support import people
from support.calls import GROUP, STRANGER, STRANGERS_GROUP, call, event

from functions.designate.quotas import get_quotas, limits, reset_quotas, update_quotas

DEFAULTS = {
    "zones": 1000,
    "zone_recordsets": -1,
    "zone_records": -1,
    "recordset_records": -1,
    "api_export_size": -1,
}
ROOT, SUPPORT = {"x-auth-token": "zw_root"}, {"x-auth-token": "zw_support"}


@pytest.fixture(autouse=True)
def operators(service):
    """A super user and a support user, who act for the stranger's group."""
    for name, right in (("root", "is_super"), ("support", "is_support")):
        people.user(service, name, STRANGERS_GROUP, **{right: True})


def own(headers=None):
    sent = event("designate_get_quotas", headers=headers or {}, rawPath="/v2/quotas", pathParameters={})
    return call(get_quotas.handler, sent)


def of(project, headers=None):
    return call(get_quotas.handler, event("designate_get_quotas", zone=project, headers=headers or {}))


def update(changes, headers=ROOT, project=GROUP):
    return call(update_quotas.handler, event("designate_update_quotas", zone=project, headers=headers, json=changes))


def reset(headers=ROOT, project=GROUP):
    return call(reset_quotas.handler, event("designate_reset_quotas", zone=project, headers=headers))


def test_a_project_has_the_deployments_quotas():
    assert (own().status, own().json) == (200, DEFAULTS)
    assert (of(GROUP).status, of(GROUP).json) == (200, DEFAULTS)


def test_the_deployments_quotas_are_its_parameters(monkeypatch):
    monkeypatch.setenv("QUOTA_ZONES", "0")
    monkeypatch.setenv("QUOTA_RECORDSET_RECORDS", "20")

    assert own().json == DEFAULTS | {"zones": 0, "recordset_records": 20}


def test_a_super_user_gives_a_project_quotas_of_its_own_and_takes_them_away(monkeypatch):
    monkeypatch.setenv("QUOTA_ZONE_RECORDS", "500")

    first = update({"quota": {"zones": 10, "api_export_size": -1}})
    second = update({"zone_recordsets": 0})

    assert (first.status, first.json) == (200, DEFAULTS | {"zone_records": 500, "zones": 10})
    assert own().json == second.json == DEFAULTS | {"zone_records": 500, "zones": 10, "zone_recordsets": 0}
    assert own(STRANGER).json == DEFAULTS | {"zone_records": 500}
    answer = reset()
    assert (answer.status, answer.body) == (204, "")
    assert own().json == DEFAULTS | {"zone_records": 500}
    assert reset().status == 204


def test_nothing_asked_is_nothing_changed():
    assert (update({}).status, update({}).json) == (200, DEFAULTS)


def test_limits_tell_a_projects_quotas_and_the_minimum_ttl(monkeypatch):
    monkeypatch.setenv("MIN_TTL", "60")
    update({"zones": 1, "zone_recordsets": 2, "zone_records": 3, "recordset_records": 4})

    answer = call(limits.handler, event("designate_limits"))

    assert answer.json == {
        "max_zones": 1,
        "max_zone_recordsets": 2,
        "max_zone_records": 3,
        "max_recordset_records": 4,
        "min_ttl": 60,
        "max_zone_name_length": 255,
        "max_recordset_name_length": 255,
        "max_page_limit": 1000,
    }


@pytest.mark.parametrize("operator", [ROOT, SUPPORT], ids=["super", "support"])
def test_operators_see_every_projects_quotas(operator):
    update({"zones": 7})

    assert of(GROUP, operator).json["zones"] == 7
    assert of("nobodys", operator).json == DEFAULTS


@pytest.mark.parametrize("project", [STRANGERS_GROUP, "nobodys"])
def test_a_tenant_does_not_see_another_projects_quotas(project):
    answer = of(project)

    assert (answer.status, answer.json["type"]) == (403, "forbidden")


@pytest.mark.parametrize("headers", [{}, STRANGER, SUPPORT], ids=["its own", "a stranger", "support"])
def test_only_super_users_set_quotas(headers):
    changed, gone = update({"zones": "x"}, headers), reset(headers)

    assert (changed.status, changed.json["type"]) == (403, "forbidden")
    assert (gone.status, gone.json["type"]) == (403, "forbidden")
    assert own().json == DEFAULTS


def test_a_project_that_is_not_there_gets_no_quotas():
    answer = update({"zones": 1}, project="nobodys")

    assert (answer.status, answer.json["message"]) == (404, "nobodys is not a valid project ID.")
    assert of("nobodys", ROOT).json == DEFAULTS


def test_everything_wrong_with_quotas_is_said():
    wrong = {"zones": -2, "zone_records": "5", "zone_recordsets": 2**31, "recordset_records": True, "floatingips": 1}

    answer = update(wrong | {"api_export_size": None})

    assert (answer.status, answer.json["type"]) == (400, "invalid_object")
    assert [(each["path"], each["validator"], each["validator_value"]) for each in answer.json["errors"]["errors"]] == [
        ([], "additionalProperties", False),
        (["zones"], "minimum", -1),
        (["zone_recordsets"], "maximum", 2**31 - 1),
        (["zone_records"], "type", "integer"),
        (["recordset_records"], "type", "integer"),
        (["api_export_size"], "type", "integer"),
    ]
    assert "zones: -2 is less than -1" in answer.json["message"]
    assert own().json == DEFAULTS
