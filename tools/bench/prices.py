"""List prices of AWS in us-east-1 of 2026-11, in dollars.

Storage and the KMS key are left out, because their prices do not depend on syncs. Logs are left out, because a function
writes some hundred bytes.
"""

from bench.counting import Spent

LAMBDA_GB_SECOND = 0.0000133334  # arm64
LAMBDA_REQUEST = 0.20e-6
TRANSITION = 25e-6  # of a standard workflow; the start counts as one
S3_WRITE = 5e-6  # PUT, POST, LIST
S3_READ = 0.40e-6  # GET and others; DELETE is free
WRITE_UNIT = 0.625e-6  # DynamoDB on demand: 1 KB, twice in a transaction
READ_UNIT = 0.125e-6  # 4 KB, half if the read need not be consistent
HTTP_REQUEST = 1.00e-6
KMS_REQUEST = 0.03e-4


def dollars(spent: Spent) -> dict[str, float]:
    """Return the dollars for the costs of a step, by service."""
    return {
        "Lambda": spent.gb_seconds * LAMBDA_GB_SECOND + spent.invocations * LAMBDA_REQUEST,
        "Step Functions": spent.transitions * TRANSITION,
        "S3": spent.s3_writes * S3_WRITE + spent.s3_reads * S3_READ,
        "DynamoDB": spent.write_units * WRITE_UNIT + spent.read_units * READ_UNIT,
        "API Gateway": spent.http_requests * HTTP_REQUEST,
        "KMS": spent.kms_requests * KMS_REQUEST,
    }
