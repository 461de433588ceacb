"""Contents in S3: the chunks of versions, and differences between versions."""
