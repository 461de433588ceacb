"""The API of VinylDNS, below /zones (contract `vinyldns.md`).

A folder for each subject has these modules, as far as it needs them: `query` reads requests, `view` renders answers,
`answer` has their types, and `doc` documents the routes. The modules here are common to all subjects.
"""
