"""Two users, each in a group of their own, made once by the operator's command; kept where a shell can source them."""

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
    """Make the credentials unless those in the file are good; says whether they were made."""
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
    """The variables of a file of `export` lines; none where there is no file."""
    if not path.is_file():
        return {}
    words = shlex.split(path.read_text(), comments=True)
    return dict(word.split("=", 1) for word in words if "=" in word)


def _write(path: Path, values: Mapping[str, str]) -> None:
    path.unlink(missing_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.writelines(f"export {name}={shlex.quote(value)}\n" for name, value in values.items())


def _accepted(home: Home, token: str) -> bool:
    """Whether the API knows the token."""
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
    """A user, a group with that user in it, and a token for both. A name is never used twice in a stack."""
    unique = f"{name}-{secrets.token_hex(3)}"
    user = _operator(home, "user", "create", "--name", unique, "--email", f"{name}@zonewright.invalid")
    group = _operator(
        home,
        *("group", "create", "--name", f"{unique}-group"),
        *("--email", f"{name}@zonewright.invalid", "--member", user["id"]),
    )
    token = _operator(home, "token", "create", "--user", user["id"], "--group", group["id"])
    return {**user, "group": group["id"], "token": token["token"]}


def _operator(home: Home, *arguments: str) -> Any:
    """One run of the `zonewright` command; the object it printed."""
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
