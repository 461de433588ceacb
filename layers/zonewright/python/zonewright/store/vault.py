"""Secrets at rest: encrypted under the stack's KMS key, and bound to the id they belong to and to their purpose.

Both are in the encryption context, which the policies of the functions name. So a function that authenticates callers
cannot decrypt the secrets of TSIG keys, and a function that talks to primaries cannot decrypt those of users. Earlier
releases sealed with the id alone. Their secrets are still opened, until `renew` seals them anew.
"""

import hmac
import secrets
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mypy_boto3_kms.client import KMSClient


class Purpose(StrEnum):
    """What a secret is for. `template.yaml` has the values."""

    USER = "user"
    TSIG = "tsig"
    DECOY = "decoy"


_DECOY = "decoy"
"""The owner of the secret that is opened for a user that there is not."""


@dataclass(frozen=True, slots=True)
class Vault:
    """One KMS key.

    A process remembers every secret it decrypted, so a warm function asks KMS once for each.
    """

    client: "KMSClient"
    key_id: str
    _opened: dict[tuple[bytes, str, Purpose], str] = field(default_factory=dict, repr=False)
    _decoys: dict[str, bytes] = field(default_factory=dict, repr=False)

    def seal(self, secret: str, owner: str, purpose: Purpose) -> bytes:
        """Return `secret` encrypted. Only `open` with the same `owner` and `purpose` decrypts it."""
        context = {"owner": owner, "purpose": purpose.value}
        sealed = self.client.encrypt(KeyId=self.key_id, Plaintext=secret.encode(), EncryptionContext=context)
        return sealed["CiphertextBlob"]

    def open(self, sealed: bytes, owner: str, purpose: Purpose) -> str:
        """Return the secret that `seal` encrypted, in this release or an earlier one."""
        known = self._opened.get((sealed, owner, purpose))
        if known is None:
            try:
                known = self._decrypted(sealed, {"owner": owner, "purpose": purpose.value})
            except self.client.exceptions.InvalidCiphertextException:
                known = self._decrypted(sealed, {"owner": owner})
            self._opened[sealed, owner, purpose] = known
        return known

    def matches(self, sealed: bytes, owner: str, purpose: Purpose, secret: str) -> bool:
        """Return whether `secret` is what `seal` encrypted, without remembering it.

        Each call asks KMS, and the comparison takes the same time for every secret. So the time tells neither the
        secret nor what was opened before.
        """
        try:
            known = self._decrypted(sealed, {"owner": owner, "purpose": purpose.value})
        except self.client.exceptions.InvalidCiphertextException:
            known = self._decrypted(sealed, {"owner": owner})
        return hmac.compare_digest(known.encode(), secret.encode(errors="surrogatepass"))

    def matches_nothing(self, secret: str) -> bool:
        """Return False as slowly as `matches` does: for a user that there is not."""
        if _DECOY not in self._decoys:
            self._decoys[_DECOY] = self.seal(secrets.token_hex(20), _DECOY, Purpose.DECOY)
        return self.matches(self._decoys[_DECOY], _DECOY, Purpose.DECOY, secret)

    def renew(self, sealed: bytes, owner: str, purpose: Purpose) -> bytes | None:
        """Return a secret of an earlier release sealed as `seal` does. Return None if it is already.

        KMS does it without showing the secret.
        """
        try:
            renewed = self.client.re_encrypt(
                CiphertextBlob=sealed,
                SourceEncryptionContext={"owner": owner},
                DestinationKeyId=self.key_id,
                DestinationEncryptionContext={"owner": owner, "purpose": purpose.value},
            )
        except self.client.exceptions.InvalidCiphertextException:
            return None
        return renewed["CiphertextBlob"]

    def _decrypted(self, sealed: bytes, context: dict[str, str]) -> str:
        opened = self.client.decrypt(KeyId=self.key_id, CiphertextBlob=sealed, EncryptionContext=context)
        return opened["Plaintext"].decode()
