"""What `make bench` measures, each in a table of its own.

syncs    zone syncs through the public API, next to `dig axfr`: seconds, what they ask of AWS, and dollars for it
requests single requests to the API: a zone, a list out of many zones, making one, record sets of a large zone
starts   what the entry points load, and their first and later answers, without the emulator's part
"""
