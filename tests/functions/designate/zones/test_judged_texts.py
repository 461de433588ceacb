"""Texts that callers write into record sets: every server reads the export, and it is imported as the same zone."""

import pytest
from support.calls import call, event
from support.judges import judge
from support.writings import WRITINGS
from support.zonetexts import lines, send, show

from functions.designate import create_recordset, delete_zone, list_recordsets

ZONE = "example.org."


@pytest.fixture
def written(zone):
    """A zone that has the record sets of `WRITINGS`."""
    for number, (kind, texts) in enumerate(WRITINGS.items()):
        body = {"name": f"R{number}.{ZONE}", "type": kind, "records": texts, "ttl": 60 + number % 2}
        made = call(create_recordset.handler, event("designate_create_recordset", zone=zone["id"], json=body))
        assert (made.status, made.json.get("records")) == (201, texts), made.json
    return zone


def shown(zone_id):
    """The types and records of a zone below its apex, as they are shown."""
    sent = event("designate_list_recordsets", zone=zone_id, rawQueryString="limit=1000")
    found = call(list_recordsets.handler, sent).json["recordsets"]
    return {each["type"]: each["records"] for each in found if each["name"] != ZONE}


@pytest.mark.parametrize("program", ["named-checkzone", "nsd-checkzone", "kzonecheck", "pdnsutil"])
def test_every_server_reads_the_export_of_what_was_written(written, tmp_path, program):
    file = tmp_path / "zone"
    file.write_text(show(written["id"]).body)

    assert shown(written["id"]) == WRITINGS
    assert judge(program, ZONE, file)[0] == 0, judge(program, ZONE, file)[1]


def test_what_was_written_is_imported_as_the_same_zone(service, written):
    exported, contents = show(written["id"]).body, lines(service, written["id"])
    call(delete_zone.handler, event("designate_delete_zone", zone=written["id"]))

    again = send(exported).json["id"]
    same = show(again).body

    def without_notes(line):
        return line.split("\t")[:5]

    assert [without_notes(line) for line in lines(service, again)[2:]] == [without_notes(line) for line in contents[2:]]
    serials = [next(line for line in text.splitlines() if line.endswith("; serial")) for text in (exported, same)]
    assert same == exported.replace(*serials)
    assert shown(again).keys() == WRITINGS.keys()
