"""The operator's commands for settings in the table: bring them to what a file says, and show them.

A file is read and checked as a whole, and all that it changes is written in one transaction.
"""

from typing import Any

import yaml

from zonewright.actions import namelists
from zonewright.model import choices, settingsfile
from zonewright.model import namelists as model
from zonewright.model.namelists import NameList
from zonewright.model.settingsfile import Settled
from zonewright.operations import files
from zonewright.service import Service
from zonewright.store import settings as store
from zonewright.store.settings import Section, Stored


def apply(service: Service, file: str, *, dry_run: bool) -> dict[str, Any]:
    """Make the settings as a file says, or only tell the differences. Return what changes in each setting.

    Raise Invalid with every reason for a file that is wrong, OverQuota for more than the table can keep, or
    SettingsChanged if another was faster. Nothing is written then.
    """
    stored, present = _present(service)
    wanted = settingsfile.read(files.loaded(file), present, service.now())
    if not dry_run:
        old, new = _documents(present), _documents(wanted)
        store.write(service.table, {each: new[each] for each in Section if new[each] != old[each]}, stored)
    return {"dryRun": dry_run, "differences": settingsfile.differences(present, wanted)}


def show(service: Service) -> str:
    """Return all settings as a settings file has them, in YAML."""
    _, present = _present(service)
    return yaml.safe_dump(settingsfile.shown(present), sort_keys=False, allow_unicode=True)


def _present(service: Service) -> tuple[dict[Section, Stored], Settled]:
    """Return the stored sections, and the settings that they make."""
    stored = dict(zip(Section, store.read(service.table, *Section), strict=True))
    chosen = choices.from_document(stored[Section.CHOICES].document or {})
    lists = {which: namelists.entries_of(service, which, stored[Section(which)]) for which in NameList}
    return stored, Settled(chosen, lists)


def _documents(settled: Settled) -> dict[Section, Any]:
    """Return settings as they are stored."""
    lists = {Section(which): model.documents(entries) for which, entries in settled.lists.items()}
    return {Section.CHOICES: choices.to_store(settled.choices), **lists}
