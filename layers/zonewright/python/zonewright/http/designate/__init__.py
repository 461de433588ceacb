"""The API of OpenStack Designate v2, below /v2 (contract `designate.md`).

A folder for each subject has these modules, as far as it needs them: `body` reads requests, `view` renders answers,
`answer` has their types, `filters` reads the queries of lists, and `doc` documents the routes. The modules here are
common to all subjects.
"""
