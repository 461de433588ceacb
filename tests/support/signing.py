"""Sign events with an access key, as clients of VinylDNS do."""

import hashlib
import hmac

from support.calls import NOW


def signed(sent, access_key="okAccessKey", secret="okSecretKey"):
    """Return an event with a signature in place of its token. Its query must have no parameters."""
    date = f"{NOW:%Y%m%dT%H%M%SZ}"
    scope = f"{date[:8]}/us-east-1/VinylDNS/aws4_request"
    host, names = sent["headers"]["host"], "host;x-amz-date"
    body = hashlib.sha256(sent["body"].encode()).hexdigest()
    method = sent["requestContext"]["http"]["method"]
    canonical = f"{method}\n{sent['rawPath']}\n\nhost:{host}\nx-amz-date:{date}\n\n{names}\n{body}"
    text = f"AWS4-HMAC-SHA256\n{date}\n{scope}\n{hashlib.sha256(canonical.encode()).hexdigest()}"
    key = f"AWS4{secret}".encode()
    for part in scope.split("/"):
        key = hmac.digest(key, part.encode(), "sha256")
    value = hmac.digest(key, text.encode(), "sha256").hex()
    authorization = f"AWS4-HMAC-SHA256 Credential={access_key}/{scope}, SignedHeaders={names}, Signature={value}"
    headers = {name: each for name, each in sent["headers"].items() if name != "x-auth-token"}
    return sent | {"headers": headers | {"authorization": authorization, "x-amz-date": date}}
