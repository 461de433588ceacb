"""What AWS takes for what was counted: its list prices in us-east-1 of 2026-11, in dollars.

Left out is what does not depend on a sync: storage, the KMS key itself; and logs, some hundred octets a function.
"""

from bench.counting import Spent

LAMBDA_GB_SECOND = 0.0000133334  # arm64
LAMBDA_REQUEST = 0.20e-6
TRANSITION = 25e-6  # of a standard workflow; its start counts as one
S3_WRITE = 5e-6  # PUT, POST, LIST
S3_READ = 0.40e-6  # GET and all else but DELETE, which is free
WRITE_UNIT = 0.625e-6  # DynamoDB on demand: 1 KB, twice in a transaction
READ_UNIT = 0.125e-6  # 4 KB, half where it need not be consistent
HTTP_REQUEST = 1.00e-6
KMS_REQUEST = 0.03e-4


def dollars(spent: Spent) -> dict[str, float]:
    """What each service takes for it."""
    return {
        "Lambda": spent.gb_seconds * LAMBDA_GB_SECOND + spent.invocations * LAMBDA_REQUEST,
        "Step Functions": spent.transitions * TRANSITION,
        "S3": spent.s3_writes * S3_WRITE + spent.s3_reads * S3_READ,
        "DynamoDB": spent.write_units * WRITE_UNIT + spent.read_units * READ_UNIT,
        "API Gateway": spent.http_requests * HTTP_REQUEST,
        "KMS": spent.kms_requests * KMS_REQUEST,
    }
