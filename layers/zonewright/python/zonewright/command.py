"""zonewright: the operator's command for users, keys, secrets, pools, backends, settings and the running service.

    zonewright user create --name ada --email ada@example.org --group GROUP
    zonewright group create --name dns --email dns@example.org --member USER
    zonewright token create --user USER --group GROUP
    zonewright credential create --user USER --group GROUP --role reader
    zonewright tsigkey create --name transfer.example.org. --algorithm hmac-sha256 --secret BASE64 --zone ZONE
    zonewright tsigkey create --name pool.example.org. --secret BASE64 --primary 192.0.2.53 --zone-name example.org.
    zonewright authorities set primaries-ca.pem
    zonewright secrets renew
    zonewright pool apply pools.yaml --dry-run
    zonewright settings apply settings.yaml --dry-run
    zonewright backend set lab --server 192.0.2.53 --key-name update.example.org. --key-file update.key
    zonewright zone backend example.org. lab
    zonewright sweep --dry-run
    zonewright zone trace example.org.
    zonewright zone deliver example.org.
    zonewright deliveries --error
    zonewright deadletters list

The command needs AWS credentials of its own. It reads the names of the table, the bucket and the KMS key from the
outputs of the CloudFormation stack. Each command prints one JSON document, or a file that it reads. The command that
creates a secret prints it once, and it cannot be read again.
"""

import argparse
import json
import os
import re
import secrets
import ssl
import sys
import uuid
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import boto3
from botocore.exceptions import BotoCoreError, ClientError

from zonewright import clock, sweep
from zonewright.errors import Invalid, TsigKeyNotFound, ZoneNotFound, ZonewrightError
from zonewright.model.settings import Settings, listed
from zonewright.model.tsigkey import MOST_PLACES, Places, Scope, TsigKey
from zonewright.model.users import Group, User
from zonewright.model.zone import Primary
from zonewright.operations import access, parsing
from zonewright.protocol import names
from zonewright.protocol.tsig import ALGORITHMS, check_secret
from zonewright.service import Service
from zonewright.store import authorities, groups, keys, tsigkeys, users, zones
from zonewright.store.vault import Purpose

_CERTIFICATE = "-----BEGIN CERTIFICATE-----"


def deployed(stack: str) -> Service:
    """Return the service of a CloudFormation stack, from its outputs and parameters.

    Raise Invalid if the stack is not a Zonewright stack, or botocore's ClientError if there is no such stack.
    """
    (found,) = boto3.client("cloudformation").describe_stacks(StackName=stack)["Stacks"]
    outputs = {each["OutputKey"]: each["OutputValue"] for each in found.get("Outputs", [])}
    parameters = {each["ParameterKey"]: each["ParameterValue"] for each in found.get("Parameters", [])}

    def output(name: str) -> str:
        if name not in outputs:
            raise Invalid(f"stack {stack} has no output {name}: is it a Zonewright stack?")
        return str(outputs[name])

    return Service(
        Settings(
            table=output("TableName"),
            bucket=output("BucketName"),
            kms_key=output("KmsKeyId"),
            deliverer=outputs.get("DelivererName", ""),
            sync_lease=int(parameters.get("SyncLease", Settings.sync_lease)),
            version_retention=int(parameters.get("VersionRetention", Settings.version_retention)),
            history_retention=int(parameters.get("HistoryRetention", Settings.history_retention)),
            tsig_keys=int(parameters.get("QuotaTsigKeys", Settings.tsig_keys)),
            zone_tsig_keys=int(parameters.get("QuotaZoneTsigKeys", Settings.zone_tsig_keys)),
            pool_id=parameters.get("PoolId") or Settings.pool_id,
            name_servers=listed(parameters.get("NameServers", "")) or Settings.name_servers,
            tlds=listed(parameters.get("Tlds", "")),
            blacklist=tuple(parameters.get("Blacklist", "").split()),
            transfer_networks=listed(parameters.get("TransferNetworks", "")) or Settings.transfer_networks,
            transfer_ports=parameters.get("TransferPorts") or Settings.transfer_ports,
        )
    )


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command. Return the exit status: 0 for success, 1 for an error."""
    options = parser().parse_args(arguments)
    try:
        document = options.run(deployed(options.stack), options)
    except (ZonewrightError, ClientError, BotoCoreError) as error:
        sys.stderr.write(f"zonewright: {' '.join(str(error).split())}\n")
        return 1
    sys.stdout.write(document if isinstance(document, str) else json.dumps(document, indent=2) + "\n")
    return 0


def create_user(service: Service, options: argparse.Namespace) -> dict[str, str]:
    """Create a user, with a key pair to sign requests."""
    user_id = options.id or str(uuid.uuid4())
    access_key = options.access_key or secrets.token_hex(10)
    secret_key = options.secret_key or secrets.token_hex(20)
    user = User(
        id=user_id,
        name=options.name,
        access_key=access_key,
        secret=service.vault.seal(secret_key, user_id, Purpose.USER),
        created=service.now(),
        email=options.email,
        first_name=options.first_name,
        last_name=options.last_name,
        is_super=options.super,
        is_support=options.support,
        is_test=options.test,
        group_ids=tuple(dict.fromkeys(options.group)),
    )
    users.create(service.table, user)
    return {"id": user.id, "userName": user.name, "accessKey": access_key, "secretKey": secret_key}


def list_users(service: Service, _: argparse.Namespace) -> list[dict[str, Any]]:
    """List all users, without secrets."""
    return [
        {
            "id": user.id,
            "userName": user.name,
            "accessKey": user.access_key,
            "email": user.email,
            "firstName": user.first_name,
            "lastName": user.last_name,
            "created": clock.to_text(user.created),
            "super": user.is_super,
            "support": user.is_support,
            "test": user.is_test,
            "lockStatus": "Locked" if user.locked else "Unlocked",
            "groups": list(user.group_ids),
        }
        for user in users.listing(service.table)
    ]


def lock_user(service: Service, options: argparse.Namespace) -> dict[str, str]:
    """Lock or unlock a user. Requests of a locked user are refused."""
    users.set_locked(service.table, options.id, locked=options.locked)
    return {"id": options.id, "lockStatus": "Locked" if options.locked else "Unlocked"}


def create_group(service: Service, options: argparse.Namespace) -> dict[str, Any]:
    """Create a group. Without `--admin`, every member is an admin."""
    members = tuple(dict.fromkeys([*options.member, *options.admin]))
    group = Group(
        id=options.id or str(uuid.uuid4()),
        name=options.name,
        email=options.email,
        created=service.now(),
        description=options.description,
        member_ids=members,
        admin_ids=tuple(dict.fromkeys(options.admin)) or members,
    )
    groups.create(service.table, group)
    return _group(group)


def list_groups(service: Service, _: argparse.Namespace) -> list[dict[str, Any]]:
    """List all groups."""
    return [_group(group) for group in users.groups(service.table)]


def add_member(service: Service, options: argparse.Namespace) -> dict[str, Any]:
    """Add a user to a group."""
    groups.join(service.table, options.id, options.member)
    return {"id": options.id, "member": options.member}


def create_tsig_key(service: Service, options: argparse.Namespace) -> dict[str, Any]:
    """Create a TSIG key, for one zone, or of the pool for the primaries and zones that it lists."""
    places = Places(tuple(options.primary), tuple(options.zone_name))
    if options.zone and places != Places():
        raise Invalid("--primary and --zone-name are for keys of the pool, and --zone is for a key of a zone")
    if not options.zone and places == Places():
        raise Invalid("a key of the pool signs only where it lists primaries or zones: give --primary or --zone-name")
    if max(len(places.primaries), len(places.zones)) > MOST_PLACES:
        raise Invalid(f"a key of the pool lists at most {MOST_PLACES} primaries, and as many zones")
    zone = zones.get(service.table, options.zone) if options.zone else None
    if options.zone and (zone is None or zone.deleted):
        raise ZoneNotFound(zone=options.zone)
    key_id = options.id or str(uuid.uuid4())
    key = TsigKey(
        id=key_id,
        name=options.name,
        algorithm=options.algorithm,
        secret=service.vault.seal(options.secret, key_id, Purpose.TSIG),
        scope=Scope.ZONE if options.zone else Scope.POOL,
        resource_id=options.zone or options.pool,
        created=service.now(),
        group_id=zone.group_id if zone else None,
        places=places,
        counted=zone is not None,
    )
    limits = tsigkeys.Limits(service.settings.tsig_keys, service.settings.zone_tsig_keys)
    tsigkeys.create(service.table, key, *([zones.still_owned(zone)] if zone else []), limits=limits)
    return _tsig_key(key)


def list_tsig_keys(service: Service, options: argparse.Namespace) -> list[dict[str, Any]]:
    """List the TSIG keys of a zone, or of the pool, without secrets."""
    return [_tsig_key(key) for key in tsigkeys.listing(service.table, options.zone or options.pool)]


def delete_tsig_key(service: Service, options: argparse.Namespace) -> dict[str, str]:
    """Delete a TSIG key."""
    key = tsigkeys.get(service.table, options.id)
    if key is None:
        raise TsigKeyNotFound(key=options.id)
    tsigkeys.delete(service.table, key)
    return {"id": options.id}


def renew_secrets(service: Service, _: argparse.Namespace) -> dict[str, int]:
    """Seal the secrets of earlier releases as this one does. Until then every function may decrypt them."""
    return {
        "users": users.renew_secrets(service.table, service.vault),
        "tsigKeys": tsigkeys.renew_secrets(service.table, service.vault),
    }


def set_authorities(service: Service, options: argparse.Namespace) -> dict[str, int]:
    """Set the certificates, a PEM file, that are trusted beside the public authorities for transfers over TLS."""
    authorities.put(service.table, options.file)
    return {"certificates": options.file.count(_CERTIFICATE)}


def show_authorities(service: Service, _: argparse.Namespace) -> dict[str, str]:
    """Show the certificates that are trusted beside the public authorities."""
    return {"certificates": authorities.get(service.table)}


def sweep_contents(service: Service, options: argparse.Namespace) -> dict[str, Any]:
    """Delete old versions, deleted zones and unnamed objects now. The service would delete them within a week."""
    if options.dry_run:
        found = sweep.preview(service).numbers()
        del found["failed"]
        return {"wouldRemove": found}
    swept = sweep.everything(service)
    removed = swept.numbers()
    del removed["octets"], removed["failed"]
    failed = [{"zoneId": each.zone_id, "what": each.what, "reason": str(each.error)} for each in swept.faults]
    return {"removed": removed} | ({"failed": failed} if failed else {})


def parser() -> argparse.ArgumentParser:
    """Return the parser of the command line."""
    top = argparse.ArgumentParser("zonewright", description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    top.add_argument(
        "--stack",
        default=os.environ.get("ZONEWRIGHT_STACK", "zonewright"),
        help="name of the service's CloudFormation stack (default: ZONEWRIGHT_STACK, or zonewright)",
    )
    things = top.add_subparsers(required=True, metavar="THING")
    of_user = _add_user_commands(things.add_parser("user", help="users of the API"))
    _add_group_commands(things.add_parser("group", help="groups of users, which own zones"))
    access.add(things, of_user)
    _add_tsig_key_commands(things.add_parser("tsigkey", help="TSIG keys, which sign transfers"))
    _add_authorities_commands(things.add_parser("authorities", help="certificate authorities of primaries over TLS"))
    secrets_verbs = things.add_parser("secrets", help="secrets at rest").add_subparsers(required=True, metavar="VERB")
    secrets_verbs.add_parser("renew", help=renew_secrets.__doc__).set_defaults(run=renew_secrets)
    command = things.add_parser("sweep", help=sweep_contents.__doc__)
    command.add_argument("--dry-run", action="store_true", help="delete nothing; print the numbers and the bytes")
    command.set_defaults(run=sweep_contents)
    parsing.add(things, _client)
    return top


def _client(service: str) -> Any:
    make: Any = boto3.client  # its type has a name for each service
    return make(service)


def _add_user_commands(user: argparse.ArgumentParser) -> Any:
    """Return the verbs of users, for more of them."""
    verbs = user.add_subparsers(required=True, metavar="VERB")
    command = verbs.add_parser("create", help=create_user.__doc__)
    command.add_argument("--name", required=True, type=_word)
    command.add_argument("--id", type=_word)
    command.add_argument("--access-key", type=_access_key, help="of a user from another service; generated if omitted")
    command.add_argument("--secret-key", type=_word, help="of a user from another service; generated if omitted")
    command.add_argument("--email")
    command.add_argument("--first-name")
    command.add_argument("--last-name")
    command.add_argument("--super", action="store_true", help="may change every zone")
    command.add_argument("--support", action="store_true", help="may read every zone")
    command.add_argument("--test", action="store_true", help="for tests: VinylDNS's API shows it test zones only")
    command.add_argument("--group", action="append", default=[], metavar="ID", help="a group of the user (repeatable)")
    command.set_defaults(run=create_user)
    verbs.add_parser("list", help=list_users.__doc__).set_defaults(run=list_users)
    for verb, locked in (("lock", True), ("unlock", False)):
        command = verbs.add_parser(verb, help=f"{verb} a user")
        command.add_argument("id")
        command.set_defaults(run=lock_user, locked=locked)
    return verbs


def _add_group_commands(group: argparse.ArgumentParser) -> None:
    verbs = group.add_subparsers(required=True, metavar="VERB")
    command = verbs.add_parser("create", help=create_group.__doc__)
    command.add_argument("--name", required=True, type=_word)
    command.add_argument("--email", required=True)
    command.add_argument("--id", type=_word)
    command.add_argument("--description")
    command.add_argument("--member", action="append", default=[], metavar="ID")
    command.add_argument("--admin", action="append", default=[], metavar="ID")
    command.set_defaults(run=create_group)
    verbs.add_parser("list", help=list_groups.__doc__).set_defaults(run=list_groups)
    command = verbs.add_parser("add-member", help=add_member.__doc__)
    command.add_argument("id")
    command.add_argument("--member", required=True, metavar="ID")
    command.set_defaults(run=add_member)


def _add_tsig_key_commands(key: argparse.ArgumentParser) -> None:
    verbs = key.add_subparsers(required=True, metavar="VERB")
    command = verbs.add_parser("create", help=create_tsig_key.__doc__)
    command.add_argument("--name", required=True, type=_name, help="the key's name on the primary")
    command.add_argument("--algorithm", choices=ALGORITHMS, default="hmac-sha256")
    command.add_argument("--secret", required=True, type=_secret, help="the shared secret, base64")
    command.add_argument("--id", type=_word)
    for option, kind, what in (("--primary", _primary, "a primary at"), ("--zone-name", _name, "a zone for")):
        text = f"{what} which a key of the pool signs (repeatable)"
        command.add_argument(option, action="append", default=[], type=kind, help=text)
    _add_resource(command)
    command.set_defaults(run=create_tsig_key)
    command = verbs.add_parser("list", help=list_tsig_keys.__doc__)
    _add_resource(command)
    command.set_defaults(run=list_tsig_keys)
    command = verbs.add_parser("delete", help=delete_tsig_key.__doc__)
    command.add_argument("id")
    command.set_defaults(run=delete_tsig_key)


def _add_authorities_commands(authorities: argparse.ArgumentParser) -> None:
    verbs = authorities.add_subparsers(required=True, metavar="VERB")
    command = verbs.add_parser("set", help=set_authorities.__doc__)
    command.add_argument("file", type=_certificates, help="PEM file; an empty file removes all")
    command.set_defaults(run=set_authorities)
    verbs.add_parser("show", help=show_authorities.__doc__).set_defaults(run=show_authorities)


def _add_resource(command: argparse.ArgumentParser) -> None:
    command.add_argument("--zone", metavar="ID", help="the zone of the key; if omitted, the pool")
    command.add_argument("--pool", metavar="ID", default=Settings.pool_id, help="the PoolId parameter of the stack")


def _word(text: str) -> str:
    if not text.strip():
        raise argparse.ArgumentTypeError("must not be empty")
    return text


def _access_key(text: str) -> str:
    if not re.fullmatch(r"[^/,\s]+", text):
        raise argparse.ArgumentTypeError("must have no slash, comma or white space: it goes into a header")
    if len(text) > keys.LONGEST_ACCESS_KEY:
        raise argparse.ArgumentTypeError(f"has {len(text)} characters, more than {keys.LONGEST_ACCESS_KEY}")
    return text


def _name(text: str) -> str:
    try:
        return names.fold(names.absolute(names.fold(text)).to_text())
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from error


def _primary(text: str) -> Primary:
    try:
        primary = Primary.parse(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from error
    if primary.never:
        raise argparse.ArgumentTypeError(f"{text!r} is an address that no primary may have")
    return primary


def _secret(text: str) -> str:
    try:
        return check_secret(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from error


def _certificates(path: str) -> str:
    try:
        text = Path(path).read_text(encoding="ascii")
        if text.strip():
            ssl.create_default_context(cadata=text)
    except (OSError, ValueError) as error:
        raise argparse.ArgumentTypeError(f"{path} has no certificates in PEM form: {error}") from error
    return "" if not text.strip() else text


def _group(group: Group) -> dict[str, Any]:
    return {
        "id": group.id,
        "name": group.name,
        "email": group.email,
        "description": group.description,
        "created": clock.to_text(group.created),
        "members": list(group.member_ids),
        "admins": list(group.admin_ids),
    }


def _tsig_key(key: TsigKey) -> dict[str, Any]:
    listed = {"primaries": list(map(str, key.places.primaries)), "zones": list(key.places.zones)}
    return {
        "id": key.id,
        "name": key.name,
        "algorithm": key.algorithm,
        "scope": str(key.scope),
        "resourceId": key.resource_id,
        "created": clock.to_text(key.created),
        **(listed if key.scope is Scope.POOL else {}),
    }


if __name__ == "__main__":
    sys.exit(main())
