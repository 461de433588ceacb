"""Front: a proxy with the API at the root of one host and port, as clients need it.

    front.py PORT http://127.0.0.1:4566/_aws/execute-api/API/$default

The front passes on the path with its percent-encoding, the query, the body, and the headers, unchanged. This includes
Host, because requests are signed. Only the headers of a connection are left out. A body over API Gateway's limit gets
API Gateway's response.
"""

import http.client
import socket
import sys
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

MOST_BYTES = 10 * 1024 * 1024  # API Gateway's quota for a payload
CONNECTION = {"connection", "keep-alive", "proxy-connection", "te", "trailer", "transfer-encoding", "upgrade", "expect"}
EMULATOR = {"server", "date", "x-amzn-requestid", "x-amz-request-id", "x-amz-id-2"}  # not API Gateway's


class TooLarge(Exception):
    """A body is over the limit."""


class Malformed(Exception):
    """A request is not valid HTTP."""


class Front(BaseHTTPRequestHandler):
    """Handler of one connection of a client, with a connection of its own to the emulator."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1  # one packet for status, headers and body
    timeout = 75
    upstream_host = ""
    upstream_path = ""
    upstream: http.client.HTTPConnection | None = None

    def forward(self) -> None:
        """Pass the request to the emulator, and its response to the client."""
        try:
            body = self._body()
        except TooLarge:
            self._answer(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, b'{"message":"Request Too Long"}')
            return
        except (Malformed, ValueError):
            self._answer(HTTPStatus.BAD_REQUEST, b'{"message":"Bad Request"}')
            return
        try:
            answer = self._ask(body)
            content = answer.read()
        except (OSError, http.client.HTTPException) as error:
            self._drop_upstream()
            self.log_error("the emulator did not answer: %r", error)
            self._answer(HTTPStatus.SERVICE_UNAVAILABLE, b'{"message":"Service Unavailable"}')
            return
        if answer.will_close:
            self._drop_upstream()
        self.send_response_only(answer.status, answer.reason)
        for name, value in answer.getheaders():
            lowered = name.lower()
            if lowered not in CONNECTION | EMULATOR | {"content-length"} and not lowered.startswith("access-control-"):
                self.send_header(name, value)
        self.send_header("Date", self.date_time_string())
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)

    def _body(self) -> bytes:
        if "chunked" in self.headers.get("Transfer-Encoding", "").lower():
            return b"".join(self._chunks())
        length = int(self.headers.get("Content-Length") or 0)
        if length < 0:
            raise Malformed
        if length > MOST_BYTES:
            raise TooLarge
        return self.rfile.read(length)

    def _chunks(self) -> list[bytes]:
        chunks: list[bytes] = []
        total = 0
        while size := int(self.rfile.readline(1024).split(b";")[0], 16):
            total += size
            if total > MOST_BYTES:
                raise TooLarge
            chunks.append(self.rfile.read(size))
            self.rfile.readline(1024)
        while self.rfile.readline(65536).strip():
            pass  # trailers
        return chunks

    def _ask(self, body: bytes) -> http.client.HTTPResponse:
        """Return the emulator's response. Retry once if the emulator had closed the kept connection."""
        kept = self.upstream is not None
        try:
            return self._ask_once(body)
        except (http.client.RemoteDisconnected, BrokenPipeError, ConnectionResetError):
            self._drop_upstream()
            if not kept:
                raise
            return self._ask_once(body)

    def _ask_once(self, body: bytes) -> http.client.HTTPResponse:
        if self.upstream is None:
            self.upstream = http.client.HTTPConnection(self.upstream_host, timeout=60)
            self.upstream.connect()
            self.upstream.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        target = self.requestline.split()[1]
        if "://" in target:
            target = target[len(target.split("://")[0]) + 3 :].partition("/")[2].join(("/", ""))
        self.upstream.putrequest(self.command, self.upstream_path + target, skip_host=True, skip_accept_encoding=True)
        for name, value in self.headers.items():
            if name.lower() not in CONNECTION | {"content-length"}:
                self.upstream.putheader(name, value)
        if body or "Content-Length" in self.headers:
            self.upstream.putheader("Content-Length", str(len(body)))
        self.upstream.endheaders(body or None)
        return self.upstream.getresponse()

    def _answer(self, status: HTTPStatus, content: bytes) -> None:
        """Send a response of the front. The rest of the request is not read, so the connection is closed."""
        self.close_connection = True
        self.send_response_only(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(content)
        self.wfile.flush()
        self._let_go()

    def _let_go(self) -> None:
        """Read from the client for a moment. Otherwise a reset of the connection could lose the response."""
        self.connection.shutdown(socket.SHUT_WR)
        self.connection.settimeout(1)
        try:
            for _ in range(256):
                if not self.connection.recv(1 << 20):
                    return
        except OSError:
            return

    def _drop_upstream(self) -> None:
        if self.upstream:
            self.upstream.close()
            self.upstream = None

    def finish(self) -> None:
        """Close both connections."""
        self._drop_upstream()
        super().finish()


for method in ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"):
    setattr(Front, f"do_{method}", Front.forward)


class Server(ThreadingHTTPServer):
    """Server with a thread for each connection."""

    daemon_threads = True
    request_queue_size = 512


def main() -> None:
    """Serve until the process ends."""
    port, upstream = sys.argv[1:]
    parts = urlsplit(upstream)
    Front.upstream_host, Front.upstream_path = parts.netloc, parts.path
    Server(("127.0.0.1", int(port)), Front).serve_forever()


if __name__ == "__main__":
    main()
