"""Contents in S3: chunks, differences, and the batches of a running transfer."""
