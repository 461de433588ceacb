"""A way to a name server on which questions and answers get lost."""

import socket
import threading


class Lossy:
    """A TCP relay. `losses` tells what the next connections lose: "question", "answer" or nothing (None).

    A context manager. Connections beyond `losses` lose nothing.
    """

    def __init__(self, server, *losses):
        self._server, self._losses = server, list(losses)
        self.connections = 0

    def __enter__(self):
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.host, self.port = self._listener.getsockname()
        self._thread = threading.Thread(target=self._serve)
        self._thread.start()
        return self

    def __exit__(self, *_):
        with socket.create_connection((self.host, self.port)):
            self._listener.close()
        self._thread.join()

    def _serve(self):
        while True:
            try:
                asking, _ = self._listener.accept()
            except OSError:
                return
            with asking:
                asking.settimeout(5)
                question = _message(asking)
                if not question:
                    return
                lost = self._losses.pop(0) if self._losses else None
                self.connections += 1
                if lost != "question":
                    answer = self._ask(question)
                    if lost != "answer":
                        asking.sendall(answer)

    def _ask(self, question):
        with socket.create_connection((self._server.host, self._server.port), timeout=5) as stream:
            stream.sendall(question)
            return _message(stream)


def _message(stream):
    """One message with its length, or nothing at the end."""
    received = b""
    while len(received) < 2 or len(received) < 2 + int.from_bytes(received[:2], "big"):
        part = stream.recv(1 << 16)
        if not part:
            return b""
        received += part
    return received
