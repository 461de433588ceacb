"""Secrets at rest: encrypted under the stack's KMS key, and bound to the id they belong to."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mypy_boto3_kms.client import KMSClient


@dataclass(frozen=True, slots=True)
class Vault:
    """One KMS key.

    A process remembers every secret it decrypted, so a warm function asks KMS once for each.
    """

    client: "KMSClient"
    key_id: str
    _opened: dict[tuple[bytes, str], str] = field(default_factory=dict, repr=False)

    def seal(self, secret: str, owner: str) -> bytes:
        """Return `secret` encrypted. Only `open` with the same `owner` decrypts it."""
        sealed = self.client.encrypt(KeyId=self.key_id, Plaintext=secret.encode(), EncryptionContext={"owner": owner})
        return sealed["CiphertextBlob"]

    def open(self, sealed: bytes, owner: str) -> str:
        """Return the secret that `seal` encrypted."""
        if (sealed, owner) not in self._opened:
            opened = self.client.decrypt(KeyId=self.key_id, CiphertextBlob=sealed, EncryptionContext={"owner": owner})
            self._opened[sealed, owner] = opened["Plaintext"].decode()
        return self._opened[sealed, owner]
