import pytest
from botocore.exceptions import ClientError
from zonewright.store.vault import Purpose, Vault


def sealed_before(vault, secret, owner):
    """A secret as earlier releases sealed it."""
    context = {"owner": owner}
    return vault.client.encrypt(KeyId=vault.key_id, Plaintext=secret.encode(), EncryptionContext=context)[
        "CiphertextBlob"
    ]


def afresh(vault):
    return Vault(vault.client, vault.key_id)


@pytest.mark.parametrize("purpose", Purpose)
def test_a_secret_is_opened_for_its_owner_and_its_purpose_only(vault, purpose):
    sealed = vault.seal("s3cret", "joe", purpose)
    others = set(Purpose) - {purpose}

    assert vault.open(sealed, "joe", purpose) == "s3cret"
    for owner, wanted in (("eve", purpose), *(("joe", other) for other in others)):
        with pytest.raises(ClientError, match="InvalidCiphertext"):
            vault.open(sealed, owner, wanted)


@pytest.mark.parametrize("purpose", Purpose)
def test_a_secret_of_an_earlier_release_is_opened_and_sealed_anew(vault, purpose):
    old = sealed_before(vault, "s3cret", "joe")
    others = set(Purpose) - {purpose}

    assert afresh(vault).open(old, "joe", purpose) == "s3cret"
    renewed = vault.renew(old, "joe", purpose)

    assert afresh(vault).open(renewed, "joe", purpose) == "s3cret"
    for other in others:
        with pytest.raises(ClientError, match="InvalidCiphertext"):
            afresh(vault).open(renewed, "joe", other)
    assert vault.renew(renewed, "joe", purpose) is None
