"""The two HTTP APIs. A route reads an API Gateway event, calls one action, and answers in its dialect.

`designate/` and `vinyldns/` contain the dialects, with a folder for each subject. `auth/` authenticates callers.
`openapi/` builds the API document. The modules here serve both dialects.
"""
