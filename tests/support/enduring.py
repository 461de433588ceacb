"""How long the tests of laws go on: by themselves, and in `make endure`. A seed decides what is left to chance."""

import os
import time

SEED = int(os.environ.get("ZONEWRIGHT_SEED") or time.time())
KILLS = int(os.environ.get("ZONEWRIGHT_KILLS", "3"))
ENDURING = KILLS >= 50
WRITERS = 50 if ENDURING else 12
