"""What moved in a zone, older versions of it and one of them restored, against the deployed stack."""


def test_a_zone_is_seen_as_it_was_compared_and_restored(api, stranger, name):
    """Some ten chunks, of which S3 copies those that are gone; IAM lets the functions do what they do."""
    lines = [f"$ORIGIN {name}", "$TTL 300", "@ IN SOA ns joe 1 3600 600 86400 300"]
    lines += [f'host{number:05} IN TXT "{number:0100}"' for number in range(5_000)]
    task = api.call("POST", "/v2/zones/tasks/imports", "\n".join([*lines, ""]).encode(), Content_Type="text/dns")
    zone_id = task.body["zone_id"]
    zone, ours = f"/v2/zones/{zone_id}", f"/zones/{zone_id}"
    (first,) = api.call("GET", f"{zone}/recordsets?name=host00007.{name}").body["recordsets"]
    new = {"name": f"new.{name}", "type": "A", "records": ["192.0.2.1"]}
    assert api.call("DELETE", f"{zone}/recordsets/{first['id']}").status == 204
    assert api.call("POST", f"{zone}/recordsets", new).status == 201

    created, deleted, loaded = (
        api.call("GET", f"{ours}/changes/{change['id']}/recordsetchanges").body for change in api.history(zone_id)
    )
    deep = api.call("GET", f"{ours}/recordsetchanges?startFrom=5000&maxItems=2").body
    apart = api.call("GET", f"{ours}/recordsetchanges?from=1&to=3").body
    old = api.call("GET", f"{zone}/recordsets?version=1&name=host00007.{name}").body
    strangers = [
        stranger.call("GET", f"{ours}/recordsetchanges").status,
        stranger.call("POST", f"{zone}/tasks/restore", {"version": 1}).status,
    ]
    restored = api.call("POST", f"{zone}/tasks/restore", {"version": 1})
    after = api.call("GET", f"{ours}/recordsetchanges?from=1").body
    missing = api.call("POST", f"{zone}/tasks/restore", {"version": 9})

    def moved(page):
        return [(each["changeType"], each["recordSet"]["name"]) for each in page["recordSetChanges"]]

    assert moved(created) == [("Update", name), ("Create", "new")]
    assert moved(deleted) == [("Update", name), ("Delete", "host00007")]
    assert (len(loaded["recordSetChanges"]), loaded["nextId"]) == (100, 100)
    assert (moved(deep), deep["nextId"]) == ([("Create", "host04994"), ("Create", "host04995")], 5002)
    assert moved(apart) == [("Update", name), ("Delete", "host00007"), ("Create", "new")]
    assert old["recordsets"] == [first]
    assert strangers == [403, 404]
    assert (restored.status, restored.body["serial"] > 1) == (202, True)
    assert moved(after) == [("Update", name)]
    assert api.call("GET", f"{zone}/recordsets?limit=1").body["metadata"] == {"total_count": 5_002}
    assert (missing.status, missing.body["type"]) == (404, "not_found")


def test_vinyldns_python_reads_what_moved(api, vinyldns, zone):
    new = {"name": f"www.{zone['name']}", "type": "A", "records": ["192.0.2.1"]}
    api.call("POST", f"/v2/zones/{zone['id']}/recordsets", new)

    page = vinyldns().list_record_set_changes(zone["id"], max_items=2)

    assert (page.zone_id, page.max_items, page.next_id) == (zone["id"], 2, 2)
    assert [(each.change_type, each.record_set.name, each.status) for each in page.record_set_changes] == [
        ("Update", zone["name"], "Complete"),
        ("Create", "www", "Complete"),
    ]
    assert [each.address for each in page.record_set_changes[1].record_set.records] == ["192.0.2.1"]
