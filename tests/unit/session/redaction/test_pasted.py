import pytest

from layerwalk.session.redaction.pasted import names_in

LINES = {
    "dial tcp: lookup db.internal on 127.0.0.53:53: no such host": {"db.internal"},
    "dial tcp 198.51.100.10:5432: i/o timeout": set(),
    "java.net.UnknownHostException: crm": {"crm"},
    "java.net.ConnectException: Connection timed out (Connection timed out)": set(),
    "\tat java.base/java.net.Socket.connect(Socket.java:633)": set(),
    "io.netty.channel.ConnectTimeoutException: connection timed out: crm/192.0.2.9:443": set(),
    "Error: getaddrinfo ENOTFOUND crm": {"crm"},
    "Error: connect ETIMEDOUT 198.51.100.10:5\n  at TCPConnectWrap.after (node:net:1:2)": set(),
    "socket.timeout: timed out": set(),
    "socket.gaierror: [Errno -2] Name or service not known": set(),
    "HTTPSConnectionPool(host='api.acme.test', port=443): Max retries exceeded with url: /x": {
        "api.acme.test"
    },
    "curl: (28) Failed to connect to crm port 443 after 2001 ms: Timeout was reached": {"crm"},
    "curl: (6) Could not resolve host: crm": {"crm"},
    'connection to server at "crm" (198.51.100.10), port 5432 failed: timeout expired': {"crm"},
    'could not translate host name "crm" to address: Name or service not known': {"crm"},
    "upstream timed out (110: x) while connecting to upstream, client: 10.0.0.1,"
    ' server: www.acme.test, upstream: "http://crm:80/", host: "shop.acme.test"': {
        "www.acme.test",
        "crm",
        "shop.acme.test",
    },
    "postgres://bob:secret@crm:5432/x": {"crm"},
    "ssh: connect to host crm port 22: Connection timed out": {"crm"},
    "redis.exceptions.TimeoutError: Timeout connecting to server": set(),
    "MongoServerSelectionError: connect ECONNREFUSED mongo-1.acme.test:27017": {
        "mongo-1.acme.test"
    },
    "connection attempt 3 failed at line:30 in pool.py, port:5432": set(),
}


@pytest.mark.parametrize(("line", "names"), LINES.items())
def test_names_are_found_in_what_programs_write(line: str, names: set[str]) -> None:
    found = {it.rstrip(".") for it in names_in(line)}
    assert found >= names
    assert not {it for it in found - names if "." in it}
