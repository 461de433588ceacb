"""The HTTP API: turn an API Gateway event into a request, call one action, and answer in the caller's dialect."""
