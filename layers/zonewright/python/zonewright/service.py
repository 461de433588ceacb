"""Service: the settings, AWS clients and clock of one process. Every verb takes it first.

The environment is read, and clients are made, here and in `command.py` only. Nothing is read or opened at import: each
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
        """Key that encrypts secrets (KMS)."""
        from zonewright.store.vault import Vault

        return Vault(client("kms", config=_threaded()), self.settings.kms_key)


@functools.cache
def current() -> Service:
    """Return the service of this process, made from its environment."""
    return Service(Settings.from_environment(os.environ))


def client(service: str, *, config: "Config | None" = None) -> Any:
    """Make a client of an AWS service, by botocore: boto3 adds sixty modules to a cold start, and nothing we use."""
    return _session().create_client(service, config=config)


@functools.cache
def _session() -> "Session":
    import botocore.session

    return botocore.session.get_session()


@functools.cache
def _signing() -> "Config":
    """Sign links by Signature Version 4. S3 refuses the default, version 2, for objects that KMS encrypts."""
    from botocore.config import Config

    return Config(signature_version="s3v4")


@functools.cache
def _threaded() -> "Config":
    """Keep a connection for each of the dispatcher's threads, which share a client."""
    from botocore.config import Config

    return Config(max_pool_connections=32)
