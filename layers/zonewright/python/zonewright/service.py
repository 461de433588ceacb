"""Service: the settings, AWS clients and clock of one process. Every action takes it as its first argument.

Only this module and `command.py` read the environment and make AWS clients. An import reads and opens nothing. Each
collaborator is made at its first use and kept for the life of the process.
"""

import functools
import os
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from zonewright.model.settings import Settings
from zonewright.store.table import Table

if TYPE_CHECKING:
    from botocore.config import Config
    from botocore.session import Session

    from zonewright.contents.bucket import Bucket
    from zonewright.store.vault import Vault
    from zonewright.workflow import Workflow


class Service:
    """Settings and collaborators of one process."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings

    def now(self) -> datetime:
        """Return the present moment, UTC."""
        return datetime.now(UTC)

    @functools.cached_property
    def table(self) -> Table:
        """Table of the state (DynamoDB)."""
        return Table(client("dynamodb", config=_threaded()), self.settings.table)

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
    def vault(self) -> "Vault":
        """Vault of secrets, with the key that encrypts them (KMS)."""
        from zonewright.store.vault import Vault

        return Vault(client("kms", config=_threaded()), self.settings.kms_key)


@functools.cache
def current() -> Service:
    """Return the service of this process, made from its environment."""
    return Service(Settings.from_environment(os.environ))


def client(service: str, *, config: "Config | None" = None) -> Any:
    """Return a client of an AWS service, made by botocore. boto3 would add sixty modules to a cold start."""
    return _session().create_client(service, config=config)


@functools.cache
def _session() -> "Session":
    import botocore.session

    return botocore.session.get_session()


@functools.cache
def _signing() -> "Config":
    """Return a configuration that signs links by Signature Version 4.

    S3 refuses the default, version 2, for objects that KMS encrypts.
    """
    from botocore.config import Config

    return Config(signature_version="s3v4")


@functools.cache
def _threaded() -> "Config":
    """Return a configuration that keeps a connection for each thread of the dispatcher. They share a client."""
    from botocore.config import Config

    return Config(max_pool_connections=32)
