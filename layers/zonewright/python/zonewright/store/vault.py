"""Secrets at rest: encrypted under the stack's KMS key, bound to what they belong to, never in clear in the table."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mypy_boto3_kms.client import KMSClient


@dataclass(frozen=True, slots=True)
class Vault:
    """One KMS key; what it opened it remembers for the life of the process, so a warm function asks once a secret."""

    client: "KMSClient"
    key_id: str
    _opened: dict[tuple[bytes, str], str] = field(default_factory=dict, repr=False)

    def seal(self, secret: str, owner: str) -> bytes:
        """Encrypt `secret`; only a caller that names the same `owner` can open it."""
        sealed = self.client.encrypt(KeyId=self.key_id, Plaintext=secret.encode(), EncryptionContext={"owner": owner})
        return sealed["CiphertextBlob"]

    def open(self, sealed: bytes, owner: str) -> str:
        """The secret behind `seal`."""
        if (sealed, owner) not in self._opened:
            opened = self.client.decrypt(KeyId=self.key_id, CiphertextBlob=sealed, EncryptionContext={"owner": owner})
            self._opened[sealed, owner] = opened["Plaintext"].decode()
        return self._opened[sealed, owner]
