"""A name server on loopback that receives datagrams and reacts to each as a test says."""

import socket
import threading

import dns.message
import dns.opcode


class Receiver:
    """A receiver of NOTIFY. `reactions` tells what it does with the next messages; then it answers them.

    A reaction takes the message and the wire of the correct answer, and returns datagrams to send. A context manager.
    """

    host = "127.0.0.1"

    def __init__(self, *reactions, keys=()):
        self._reactions = list(reactions)
        self._keyring = {key.tsig().name: key.tsig() for key in keys}
        self.received = []

    def __enter__(self):
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind((self.host, 0))
        self.port = self._socket.getsockname()[1]
        self._thread = threading.Thread(target=self._serve)
        self._thread.start()
        return self

    def __exit__(self, *_):
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as ending:
            ending.sendto(b"", (self.host, self.port))
        self._thread.join()
        self._socket.close()

    def _serve(self):
        while True:
            wire, client = self._socket.recvfrom(65535)
            if not wire:
                return
            message = dns.message.from_wire(wire, keyring=self._keyring)
            self.received.append(message)
            answer = dns.message.make_response(message).to_wire()
            react = self._reactions.pop(0) if self._reactions else answering
            for datagram in react(message, answer):
                self._socket.sendto(datagram, client)
            if react is elsewhere:
                with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as other:
                    other.sendto(answer, client)


def answering(message, answer):
    """The correct answer."""
    return [answer]


def silent(message, answer):
    """No answer."""
    return []


def elsewhere(message, answer):
    """The correct answer comes from another port."""
    return []


def refusing(code):
    """An answer with a code."""

    def react(message, answer):
        response = dns.message.make_response(message)
        response.set_rcode(code)
        return [response.to_wire()]

    return react


def altering(alter):
    """The correct answer, altered."""

    def react(message, answer):
        return [alter(answer)]

    return react


another_id = altering(lambda answer: bytes([answer[0] ^ 1]) + answer[1:])
no_answer = altering(lambda answer: answer[:2] + bytes([answer[2] & 0x7F]) + answer[3:])
a_query = altering(lambda answer: answer[:2] + bytes([answer[2] & 0x87]) + answer[3:])
half = altering(lambda answer: answer[: len(answer) // 2])
nonsense = altering(lambda answer: answer[:1])


def late(seconds):
    """The correct answer, after some seconds."""

    def react(message, answer):
        threading.Event().wait(seconds)
        return [answer]

    return react


def forged_by(key):
    """An answer with the signature of another key of the same name."""

    def react(message, answer):
        response = dns.message.make_response(message)
        response.use_tsig(key.tsig())
        response.request_mac = message.mac
        return [response.to_wire()]

    return react


def unsigned(message, answer):
    """An answer without a signature."""
    response = dns.message.Message(message.id)
    response.flags = dns.opcode.to_flags(message.opcode()) | 0x8000
    return [response.to_wire()]
