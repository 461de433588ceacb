"""Credentials of two users, each with a group, in a file that a shell can source, and in one for clients of OpenStack.

The operator's command makes them.
"""

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

import yaml

from stack.home import STACK, Home, Trouble, aws_environment, clean_environment


def ensure(home: Home) -> bool:
    """Create the credentials, unless the API accepts those in the file. Return whether they were created.

    Beside them is a file with the environment of the operator's command.
    """
    _write(home.operator, {**aws_environment(home), "ZONEWRIGHT_STACK": STACK})
    known = read(home.credentials)
    complete = "ZONEWRIGHT_CREDENTIAL_ID" in known
    if complete and all(_accepted(home, known.get(name, "")) for name in ("ZONEWRIGHT_TOKEN", "ZONEWRIGHT_TOKEN_2")):
        if known["ZONEWRIGHT_URL"] != home.url:
            _write(home.credentials, known | {"ZONEWRIGHT_URL": home.url})
        _write_clouds(home)
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
            "ZONEWRIGHT_USER_NAME": first["userName"],
            "ZONEWRIGHT_PROJECT_NAME": first["groupName"],
            "ZONEWRIGHT_CREDENTIAL_ID": first["credential"],
            "ZONEWRIGHT_CREDENTIAL_SECRET": first["credentialSecret"],
            "ZONEWRIGHT_TOKEN_2": second["token"],
            "ZONEWRIGHT_PROJECT_ID_2": second["group"],
        },
    )
    _write_clouds(home)
    return True


def clouds(known: Mapping[str, str]) -> dict[str, Any]:
    """Return the contents of a `clouds.yaml` for the variables of a `credentials.env`.

    The cloud `zonewright` logs in by application credential, and so names no project; `zonewright-password` by the
    name and the secret key of the user.
    """
    url = f"{known['ZONEWRIGHT_URL']}/v3"
    by_credential = {
        "auth_url": url,
        "application_credential_id": known["ZONEWRIGHT_CREDENTIAL_ID"],
        "application_credential_secret": known["ZONEWRIGHT_CREDENTIAL_SECRET"],
    }
    by_password = {
        "auth_url": url,
        "username": known["ZONEWRIGHT_USER_NAME"],
        "password": known["ZONEWRIGHT_SECRET_KEY"],
        "project_name": known["ZONEWRIGHT_PROJECT_NAME"],
        "user_domain_name": "Default",
        "project_domain_name": "Default",
    }
    common = {"region_name": "RegionOne", "identity_api_version": 3}
    return {
        "clouds": {
            "zonewright": {"auth_type": "v3applicationcredential", "auth": by_credential, **common},
            "zonewright-password": {"auth_type": "password", "auth": by_password, **common},
        }
    }


def _write_clouds(home: Home) -> None:
    _write_private(home.clouds, yaml.safe_dump(clouds(read(home.credentials)), sort_keys=False))


def read(path: Path) -> dict[str, str]:
    """Return the variables in a file of `export` lines, or none if there is no file."""
    if not path.is_file():
        return {}
    words = shlex.split(path.read_text(), comments=True)
    return dict(word.split("=", 1) for word in words if "=" in word)


def _write(path: Path, values: Mapping[str, str]) -> None:
    _write_private(path, "".join(f"export {name}={shlex.quote(value)}\n" for name, value in values.items()))


def _write_private(path: Path, text: str) -> None:
    """Write a file that only its owner may read."""
    path.unlink(missing_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text)


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
    """Create a user, a group with this user, and a token and an application credential for both.

    Return their ids, names and secrets. A random suffix makes the name unique in the stack.
    """
    unique = f"{name}-{secrets.token_hex(3)}"
    user = operator(home, "user", "create", "--name", unique, "--email", f"{name}@zonewright.invalid")
    group = operator(
        home,
        *("group", "create", "--name", f"{unique}-group"),
        *("--email", f"{name}@zonewright.invalid", "--member", user["id"]),
    )
    both = ("--user", user["id"], "--group", group["id"])
    token = operator(home, "token", "create", *both)
    credential = operator(home, "credential", "create", *both)
    return {
        **user,
        "group": group["id"],
        "groupName": group["name"],
        "token": token["token"],
        "credential": credential["id"],
        "credentialSecret": credential["secret"],
    }


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
