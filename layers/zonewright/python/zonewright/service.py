"""Where the process meets its surroundings: the environment, AWS clients, the clock. Nowhere else.

Nothing is read or opened at import; everything is made on first use and kept for the life of the process.
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
    from zonewright.sync.workflow import Workflow


class Runtime:
    """Settings and collaborators of one process."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings

    def now(self) -> datetime:
        """The present moment, UTC."""
        return datetime.now(UTC)

    @functools.cached_property
    def table(self) -> Table:
        """The state."""
        return Table(client("dynamodb", config=_threaded()), self.settings.table)

    @functools.cached_property
    def bucket(self) -> "Bucket":
        """The contents."""
        from zonewright.contents.bucket import Bucket

        return Bucket(client("s3", config=_signing()), self.settings.bucket)

    @functools.cached_property
    def workflow(self) -> "Workflow":
        """The state machine that runs syncs."""
        from zonewright.sync.workflow import Workflow

        return Workflow(client("stepfunctions", config=_threaded()), self.settings.state_machine)

    @functools.cached_property
    def vault(self) -> "Vault":
        """The KMS key that secrets are kept under."""
        from zonewright.store.vault import Vault

        return Vault(client("kms", config=_threaded()), self.settings.kms_key)


def client(service: str, *, config: "Config | None" = None) -> Any:
    """A client of an AWS service: botocore's, for boto3 adds sixty modules to each cold start and nothing we use."""
    return _session().create_client(service, config=config)


@functools.cache
def _session() -> "Session":
    import botocore.session

    return botocore.session.get_session()


@functools.cache
def _signing() -> "Config":
    """Links are signed as requests are: by the older way, the default, S3 lets nobody read what KMS encrypts."""
    from botocore.config import Config

    return Config(signature_version="s3v4")


@functools.cache
def _threaded() -> "Config":
    """For clients that the dispatcher's threads share: a connection for each of them."""
    from botocore.config import Config

    return Config(max_pool_connections=32)


@functools.cache
def runtime() -> Runtime:
    """The one of this process."""
    return Runtime(Settings.from_environment(os.environ))
