"""Service: the settings, AWS clients and clock of one process. Every action takes it as its first argument.

Only this module and `command.py` read the environment and make AWS clients. An import reads and opens nothing. Each
collaborator is made at its first use and kept for the life of the process.
"""

import functools
import os
import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from zonewright.model.settings import Settings
from zonewright.store.table import Table, tell_lost_answers

if TYPE_CHECKING:
    from botocore.config import Config
    from botocore.session import Session

    from zonewright.bus import Bus
    from zonewright.contents.bucket import Bucket
    from zonewright.deliverer import Deliverer
    from zonewright.model.choices import Choices
    from zonewright.store.vault import Vault
    from zonewright.workflow import Workflow

CONNECTIONS = 32
"""Connections that a client keeps open: its threads share it. More are closed after one answer."""

CONNECT = 2
"""Seconds to wait for a connection to AWS."""

READ = 4
"""Seconds to wait for the next bytes of an answer of another service than S3. All answer within one."""

READ_OBJECTS = 5
"""As READ, of S3. It answers the writing of a part of 8 MB after storing it."""

READ_CHANGES = 20
"""As READ, of Route 53, which takes a thousand records in one request."""

TRIES = 4
"""Tries of a call. Four that hang end after 16 s, before a function of 29 s does."""

TRIES_CHANGES = 8
"""As TRIES, of Route 53. It throttles accounts, and takes one change of a hosted zone at a time."""

TRIES_OBJECTS = 3
"""As TRIES, of S3: 15 s, and up to 8 s for writes, whose tries also wait to be let in (`100 Continue`)."""


CHOICES_SECONDS = 5.0
"""Seconds for which a process keeps what the operator chose. A change counts everywhere after them."""


class Service:
    """Settings and collaborators of one process."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._choices: tuple[float, Choices] | None = None

    def now(self) -> datetime:
        """Return the present moment, UTC."""
        return datetime.now(UTC)

    def choices(self) -> "Choices":
        """Return what the operator chose, as it was in the table at most CHOICES_SECONDS ago.

        Only the functions that ask read it, from the partition `SETTINGS`.
        """
        now = time.monotonic()
        if self._choices is None or now - self._choices[0] >= CHOICES_SECONDS:
            from zonewright.store import settings

            self._choices = now, settings.choices(self.table)
        return self._choices[1]

    @functools.cached_property
    def table(self) -> Table:
        """Table of the state (DynamoDB)."""
        dynamodb = client("dynamodb", config=_threaded())
        tell_lost_answers(dynamodb)
        return Table(dynamodb, self.settings.table)

    @functools.cached_property
    def bucket(self) -> "Bucket":
        """Bucket of the contents (S3)."""
        from zonewright.contents.bucket import Bucket

        return Bucket(client("s3", config=_signing()), self.settings.bucket)

    @functools.cached_property
    def workflow(self) -> "Workflow":
        """State machine that runs syncs (Step Functions)."""
        from zonewright.workflow import Workflow

        return Workflow(client("stepfunctions", config=_threaded()), self.settings.state_machine)

    @functools.cached_property
    def deliverer(self) -> "Deliverer":
        """Function that delivers zones to name servers (Lambda)."""
        from zonewright.deliverer import Deliverer

        return Deliverer(client("lambda", config=_threaded()), self.settings.deliverer)

    @functools.cached_property
    def bus(self) -> "Bus":
        """Event bus that others listen to (EventBridge)."""
        from zonewright.bus import Bus

        return Bus(client("events"), self.settings.event_bus)

    @functools.cached_property
    def vault(self) -> "Vault":
        """Vault of secrets, with the key that encrypts them (KMS)."""
        from zonewright.store.vault import Vault

        return Vault(client("kms", config=_threaded()), self.settings.kms_key)

    def route53(self, role_arn: str | None = None, external_id: str | None = None) -> Any:
        """Return a client of Route 53, in the account of a role, or else in this one.

        The role is assumed at the first request, and again before its session ends. Clients are kept, so that all zones
        of a process share one session, and one pace of requests.
        """
        return _assuming(role_arn, external_id) if role_arn else _route53()


@functools.cache
def current() -> Service:
    """Return the service of this process, made from its environment."""
    return Service(Settings.from_environment(os.environ))


def client(service: str, *, config: "Config | None" = None) -> Any:
    """Return a client of an AWS service, made by botocore. boto3 would add sixty modules to a cold start.

    A call that hangs ends while its function has time left to say so.
    """
    return _session().create_client(service, config=config or _threaded())


@functools.cache
def _route53() -> Any:
    return client("route53", config=_paced())


@functools.cache
def _assuming(role_arn: str, external_id: str | None) -> Any:
    """Return a client of Route 53 with the rights of a role."""
    import botocore.session
    from botocore.credentials import (
        AssumeRoleCredentialFetcher,
        CredentialProvider,
        CredentialResolver,
        DeferredRefreshableCredentials,
    )

    own = _session()
    arguments = {"RoleSessionName": "zonewright", **({"ExternalId": external_id} if external_id else {})}
    fetcher = AssumeRoleCredentialFetcher(own.create_client, own.get_credentials(), role_arn, extra_args=arguments)

    class Assumed(CredentialProvider):
        METHOD = "assume-role"

        def load(self) -> DeferredRefreshableCredentials:
            return DeferredRefreshableCredentials(fetcher.fetch_credentials, self.METHOD)

    theirs = botocore.session.get_session()
    theirs.register_component("credential_provider", CredentialResolver([Assumed()]))
    return theirs.create_client("route53", config=_paced())


@functools.cache
def _session() -> "Session":
    import botocore.session

    return botocore.session.get_session()


@functools.cache
def _signing() -> "Config":
    """Return a configuration that signs links by Signature Version 4, to the bucket's host in its own region.

    S3 refuses the default, version 2, for objects that KMS encrypts. The host without a region, botocore's default for
    links, redirects to the region's, for which the signature does not count: it covers the host.
    """
    from botocore.config import Config

    return Config(
        signature_version="s3v4",
        s3={"addressing_style": "virtual", "us_east_1_regional_endpoint": "regional"},
        max_pool_connections=CONNECTIONS,
        connect_timeout=CONNECT,
        read_timeout=READ_OBJECTS,
        retries={"mode": "standard", "total_max_attempts": TRIES_OBJECTS},
    )


@functools.cache
def _threaded() -> "Config":
    """Return the configuration of the clients that wait as told above."""
    from botocore.config import Config

    return Config(
        max_pool_connections=CONNECTIONS,
        connect_timeout=CONNECT,
        read_timeout=READ,
        retries={"mode": "standard", "total_max_attempts": TRIES},
    )


@functools.cache
def _paced() -> "Config":
    """Return a configuration that slows down where Route 53 throttles."""
    from botocore.config import Config

    return Config(
        connect_timeout=CONNECT,
        read_timeout=READ_CHANGES,
        retries={"mode": "adaptive", "total_max_attempts": TRIES_CHANGES},
    )
