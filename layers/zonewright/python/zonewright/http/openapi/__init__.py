"""The OpenAPI 3.1 document of all routes, and the page that shows it.

`document` joins the `doc` modules of all subjects. `operations` and `schemas` are what those modules are built from.
`service` documents the public routes.
"""
