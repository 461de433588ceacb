"""Bench: the measurements of `make bench`, each with a table.

syncs    zone syncs through the public API, compared with `dig axfr`: seconds, calls to AWS, and dollars
requests single requests to the API: get, create and list zones, and record sets of a large zone
starts   processor time of the entry points: imports, first responses and later ones
push     deliveries to a name server, compared with `nsupdate`: seconds, calls to AWS, and dollars
"""
