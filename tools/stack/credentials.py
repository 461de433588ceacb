"""Credentials of two users, each with a group, in a file that a shell can source. The operator's command makes them."""

import json
import os
import secrets
import shlex
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from stack.home import STACK, Home, Trouble, aws_environment, clean_environment


def ensure(home: Home) -> bool:
    """Create the credentials, unless the API accepts those in the file. Return whether they were created.

    Beside them is a file with the environment of the operator's command.
    """
    _write(home.operator, {**aws_environment(home), "ZONEWRIGHT_STACK": STACK})
    known = read(home.credentials)
    if _accepted(home, known.get("ZONEWRIGHT_TOKEN", "")) and _accepted(home, known.get("ZONEWRIGHT_TOKEN_2", "")):
        if known["ZONEWRIGHT_URL"] != home.url:
            _write(home.credentials, known | {"ZONEWRIGHT_URL": home.url})
        return False
    first, second = tenant(home, "alice"), tenant(home, "bob")
    _write(
        home.credentials,
        {
            "ZONEWRIGHT_URL": home.url,
            "ZONEWRIGHT_ACCESS_KEY": first["accessKey"],
            "ZONEWRIGHT_SECRET_KEY": first["secretKey"],
            "ZONEWRIGHT_TOKEN": first["token"],
            "ZONEWRIGHT_PROJECT_ID": first["group"],
            "ZONEWRIGHT_TOKEN_2": second["token"],
            "ZONEWRIGHT_PROJECT_ID_2": second["group"],
        },
    )
    return True


def read(path: Path) -> dict[str, str]:
    """Return the variables in a file of `export` lines, or none if there is no file."""
    if not path.is_file():
        return {}
    words = shlex.split(path.read_text(), comments=True)
    return dict(word.split("=", 1) for word in words if "=" in word)


def _write(path: Path, values: Mapping[str, str]) -> None:
    path.unlink(missing_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.writelines(f"export {name}={shlex.quote(value)}\n" for name, value in values.items())


def _accepted(home: Home, token: str) -> bool:
    """Return whether the API accepts the token. Raise Trouble if it does not respond."""
    if not token:
        return False
    request = urllib.request.Request(f"{home.url}/v2/zones?limit=1", headers={"X-Auth-Token": token})  # noqa: S310
    try:
        with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=30):
            return True
    except urllib.error.HTTPError as error:
        with error:
            return error.code not in {401, 403}
    except OSError as error:
        raise Trouble(f"the API does not answer at {home.url}: {error}") from error


def tenant(home: Home, name: str) -> dict[str, str]:
    """Create a user, a group with this user, and a token for both. Return their ids, keys and the token.

    A random suffix makes the name unique in the stack.
    """
    unique = f"{name}-{secrets.token_hex(3)}"
    user = operator(home, "user", "create", "--name", unique, "--email", f"{name}@zonewright.invalid")
    group = operator(
        home,
        *("group", "create", "--name", f"{unique}-group"),
        *("--email", f"{name}@zonewright.invalid", "--member", user["id"]),
    )
    token = operator(home, "token", "create", "--user", user["id"], "--group", group["id"])
    return {**user, "group": group["id"], "token": token["token"]}


def operator(home: Home, *arguments: str) -> Any:
    """Run the `zonewright` command, and return the printed object. Raise Trouble if it fails."""
    done = subprocess.run(
        [str(Path(sys.executable).with_name("zonewright")), *arguments],
        env={**clean_environment(), **aws_environment(home), "ZONEWRIGHT_STACK": STACK},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise Trouble(f"zonewright {' '.join(arguments)} failed:\n{done.stderr}{done.stdout}")
    return json.loads(done.stdout)
