"""Zones, and tasks on whole zones, below /v2 (contract `designate.md`, sections 3, 4 and 8).

`body` reads settings and master files. `restore_body` reads the version to restore.
"""
