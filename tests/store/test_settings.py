import random
from datetime import UTC, datetime

import pytest
from zonewright import service as surroundings
from zonewright.errors import Invalid, SettingsChanged
from zonewright.model import choices
from zonewright.model.choices import DEFAULTS, Choices
from zonewright.store import settings
from zonewright.store.settings import Section, Stored

NOW = datetime(2026, 1, 15, 12, 34, 56, tzinfo=UTC)


def put(table, **chosen):
    """Store choices, whatever is there."""
    section = Section.CHOICES
    (old,) = settings.read(table, section)
    settings.write(table, {section: choices.document(Choices(**chosen))}, {section: old})


def test_sections_never_written_are_empty_and_the_choices_are_the_defaults(table):
    assert settings.read(table, Section.TLDS, Section.BLACKLIST) == [Stored(), Stored()]
    assert settings.choices(table) == DEFAULTS


def test_sections_are_written_together_and_each_write_counts(table):
    old = dict.fromkeys(Section, Stored())
    settings.write(table, {Section.CHOICES: {"default_ttl": 60}, Section.TLDS: [{"name": "org"}]}, old)

    assert settings.read(table, *Section) == [
        Stored({"default_ttl": 60}, 1),
        Stored([{"name": "org"}], 1),
        Stored(),
    ]
    assert settings.choices(table).default_ttl == 60


def test_a_section_that_another_wrote_meanwhile_leaves_all_as_they_are(table):
    old = dict.fromkeys(Section, Stored())
    settings.write(table, {Section.TLDS: []}, old)

    with pytest.raises(SettingsChanged):
        settings.write(table, {Section.CHOICES: {}, Section.TLDS: [1]}, old)

    assert settings.read(table, *Section) == [Stored(), Stored([], 1), Stored()]


def test_a_section_too_large_for_an_item_is_refused(table):
    noise = random.Random(1).randbytes(400_000).hex()

    with pytest.raises(Invalid, match=r"choices have [0-9]+ bytes packed, and may have 390000"):
        settings.write(table, {Section.CHOICES: {"x": noise}}, {Section.CHOICES: Stored()})


def test_nothing_to_write_writes_nothing(table):
    settings.write(table, {}, {})

    assert settings.read(table, *Section) == [Stored()] * 3


def test_a_process_reads_choices_once_and_again_after_some_seconds(service, table, monkeypatch):
    clock = [100.0]
    monkeypatch.setattr(surroundings.time, "monotonic", lambda: clock[0])
    put(table, default_ttl=60)
    assert service.choices().default_ttl == 60
    put(table, default_ttl=70)

    assert service.choices().default_ttl == 60
    clock[0] += surroundings.CHOICES_SECONDS
    assert service.choices().default_ttl == 70
