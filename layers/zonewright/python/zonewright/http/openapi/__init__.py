"""The OpenAPI 3.1 document of the whole API. Each subject's own part is its doc module."""
