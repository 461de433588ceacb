"""Find the module of each route. It is a function itself, or stands in the table of its resource."""

import importlib

from support.template import FUNCTIONS, MODULES, routes


def handler(module):
    """Return the Lambda handler of a module such as `designate/create_zone`."""
    return importlib.import_module(f"functions.{module.replace('/', '.')}").handler


def event_name(module):
    """Return the name of a module's file in events/: the first folder and the module's own name."""
    return f"{module.split('/')[0]}_{module.split('/')[-1]}"


def table(module):
    """Return the module of each route key in a resource's table. Empty for a function with one route."""
    if not module.endswith("/routes"):
        return {}
    folder = module.removesuffix("/routes")
    return {key: f"{folder}/{name}" for key, name in handler(module).routes.items()}


TABLES = {module: table(module) for module in MODULES.values() if module.endswith("/routes")}
ANSWERING = {key: TABLES.get(MODULES[name], {}).get(key, MODULES[name]) for name in FUNCTIONS for key in routes(name)}
"""The module of each route key, `$default` included."""
