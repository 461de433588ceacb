"""Let threads share the client of an emulated AWS."""

import threading


class Serial:
    """A client whose calls come one after the other, as items of one table do; moto's are not safe among threads."""

    def __init__(self, client):
        self.client, self.lock = client, threading.Lock()

    def __getattr__(self, name):
        method = getattr(self.client, name)

        def call(**arguments):
            with self.lock:
                return method(**arguments)

        return call
