"""Read the files of operators: YAML, of which JSON is a part."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from zonewright.errors import Invalid


def loaded(file: str) -> Any:
    """Return what a file says. Raise Invalid if it cannot be read, or has a key twice."""
    try:
        with Path(file).open(encoding="utf-8") as opened:
            return yaml.load(opened, Loader=_Loader)  # noqa: S506 - a SafeLoader
    except (OSError, ValueError, yaml.YAMLError) as error:
        raise Invalid(f"{file} cannot be read: {' '.join(str(error).split())}") from error


class _Loader(yaml.SafeLoader):
    """Reads plain values only, and each key of a mapping once. PyYAML would take the last."""


def _mapping(loader: _Loader, node: yaml.MappingNode) -> Iterator[dict[Any, Any]]:
    found: dict[Any, Any] = {}
    yield found
    for key, value in node.value:
        name = loader.construct_object(key, deep=True)
        if name in found:
            raise yaml.constructor.ConstructorError(None, None, f"{name} occurs twice", key.start_mark)
        found[name] = loader.construct_object(value, deep=True)


_Loader.add_constructor("tag:yaml.org,2002:map", _mapping)
