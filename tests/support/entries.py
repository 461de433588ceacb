"""The module that answers each route: a function of its own, or one named in the table of its resource."""

import importlib

from support.template import FUNCTIONS, MODULES, routes


def handler(module):
    """The Lambda handler in a module, as `designate/create_zone`."""
    return importlib.import_module(f"functions.{module.replace('/', '.')}").handler


def event_name(module):
    """The file in events/ of a module: its first folder and its own name."""
    return f"{module.split('/')[0]}_{module.split('/')[-1]}"


def table(module):
    """The route keys of a resource's table, each with its module; none of a function with one route."""
    if not module.endswith("/routes"):
        return {}
    folder = module.removesuffix("/routes")
    return {key: f"{folder}/{name}" for key, name in handler(module).routes.items()}


TABLES = {module: table(module) for module in MODULES.values() if module.endswith("/routes")}
ANSWERING = {key: TABLES.get(MODULES[name], {}).get(key, MODULES[name]) for name in FUNCTIONS for key in routes(name)}
"""By route key; `$default` too."""
