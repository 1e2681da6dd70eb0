"""What is written of sockets: short, one by one, and as JSON that keeps to its schema."""

from dataclasses import replace
from typing import Any

import jsonschema
import msgspec
import pytest

from layerwalk.probes.facts.live_sockets import Holder, LiveSocket, SocketsSeen
from layerwalk.probes.facts.sockets import Socket, SocketTimer, TcpState
from layerwalk.session.redaction.structures import Redaction
from layerwalk.session.sockets import Sight, Which, details, entry_of, report_of, table
from layerwalk.session.sockets.schema import FILE, make_schema, schema_text, shipped_schema
from tests.house.tree import ROOT
from tests.unit.diagnosis.socket_limits.sockets import INFO, NEW, OPTIONS, SOCKET, asking, live

LISTENER = replace(
    SOCKET,
    state=TcpState.LISTEN,
    source="0.0.0.0",
    source_port=8080,
    destination="0.0.0.0",
    destination_port=0,
    send_queue=128,
)
LONG = replace(
    asking(2, 1.5),
    family=6,
    source="2001:db8:1111:2222:3333:4444:5555:6666",
    destination="2001:db8:aaaa:bbbb:cccc:dddd:eeee:ffff",
)
HOLDER = Holder(pid=4711, name="we\x1b[31mb", descriptor=7)
SEEN = (
    LiveSocket(socket=LONG, holders=(HOLDER,), options=OPTIONS),
    LiveSocket(socket=LISTENER, holders=(HOLDER, replace(HOLDER, pid=4712))),
    LiveSocket(socket=replace(SOCKET, info=INFO), options=replace(OPTIONS, device="corp0", mark=7)),
    LiveSocket(socket=replace(SOCKET, source_port=40001), why="this user may not"),
    LiveSocket(socket=replace(SOCKET, interface=None, cookie=None, inode=0)),
)


def sight(*sockets: LiveSocket) -> Sight:
    seen = SocketsSeen(sockets=sockets or SEEN, gaps=("who holds 198.51.100.10 is not known",))
    return Sight(which=Which(pid=4711), seen=seen, settings=NEW, process="web")


def written(redact: Redaction | None = None, one: Sight | None = None) -> Any:
    return msgspec.json.decode(msgspec.json.encode(report_of(one or sight(), redact)))


def test_the_shipped_schema_is_the_one_that_the_structures_make() -> None:
    path = ROOT / "src/layerwalk/session/sockets" / FILE
    assert path.read_text(encoding="utf-8") == schema_text()


@pytest.mark.parametrize("settings", [NEW, None])
def test_what_is_written_keeps_to_the_schema(settings: Any) -> None:
    jsonschema.Draft202012Validator.check_schema(make_schema())
    schema = jsonschema.Draft202012Validator(shipped_schema())
    schema.validate(written(one=replace(sight(), settings=settings)))
    schema.validate(written(Redaction()))
    with pytest.raises(jsonschema.ValidationError):
        schema.validate({**written(), "sockets": [{}]})


def test_every_field_is_described() -> None:
    parts = make_schema()["$defs"]
    fields = {(part, name): it for part in parts for name, it in parts[part]["properties"].items()}
    assert [place for place, it in fields.items() if not it.get("description")] == []


def test_the_first_limit_is_told_with_its_time() -> None:
    found = written()["sockets"][0]
    assert found["first"] == found["limits"][0]
    assert (found["first"]["name"], found["first"]["error"]) == ("TCP_SYNCNT", "ETIMEDOUT")
    assert (found["state"], found["timer"], found["expires_s"]) == ("SYN_SENT", "retransmit", 1.5)
    assert written()["sockets"][2]["options"]["interface"] == "corp0"


def test_redacted_it_names_nobody() -> None:
    text = msgspec.json.encode(written(Redaction())).decode()
    for secret in ("192.0.2.10", "198.51.100.10", "2001:db8", "corp0", "web", "we\\u001b"):
        assert secret not in text


def test_a_socket_is_told_in_lines_that_fit() -> None:
    for one in SEEN:
        lines = details(entry_of(one, NEW), 80)
        assert max(map(len, lines)) <= 80 or one.socket is LONG
        assert "\x1b" not in "\n".join(lines)
        assert "\u00a0" not in "\n".join(lines)


def said(one: LiveSocket) -> str:
    return " ".join(" ".join(details(entry_of(one, NEW), 80)).split())


def test_a_connection_in_the_making_tells_what_ends_it() -> None:
    text = said(live(asking(2, 0.5)))
    assert "3 SYNs sent, no answer yet" in text
    assert "first in 128 s (ETIMEDOUT): the kernel gives up connecting 131 s after" in text
    assert "next sent again in 0.5 s" in text
    assert "TCP_SYNCNT 6" in text


def test_no_limit_is_said_to_be_the_kernels_word_alone() -> None:
    text = said(live(replace(SOCKET, info=INFO)))
    assert "no kernel limit set" in text
    assert "a limit that the program keeps for itself does not show here" in text
    assert "RTT 10 ms" in text
    other = said(live(SOCKET, replace(OPTIONS, blocks=False, keepalive=None, linger_s=3)))
    assert "it does not block: limits that the program or its runtime keeps" in other
    assert "it blocks" not in other
    assert "SO_KEEPALIVE ?" in other
    assert "SO_LINGER 3 s" in other


def test_what_could_not_be_read_is_told_with_its_reason() -> None:
    text = said(LiveSocket(socket=SOCKET, why="this user may not"))
    assert "options not read: this user may not" in text
    assert "no kernel limit" not in text


def test_a_listener_tells_of_its_queue() -> None:
    full = said(live(replace(LISTENER, receive_queue=6, send_queue=5)))
    assert "its queue is full (6 connections for 5): SYNs are dropped" in full
    assert "TCP_SYNCNT" not in full
    assert "0 wait to be accepted, ? may" in said(live(replace(LISTENER, send_queue=None)))
    bound = said(live(LISTENER, replace(OPTIONS, receive_limit_s=5.0, defer_accept_s=9, mark=-1)))
    assert "first none of its limits runs now" in bound
    assert "TCP_DEFER_ACCEPT 9 s SO_MARK 0xffffffff" in bound


def test_what_nobody_has_accepted_is_said_to_wait() -> None:
    assert "no program has accepted it yet" in said(LiveSocket(socket=replace(SOCKET, inode=0)))


def lines(*rows: Socket, folded: bool = True) -> list[str]:
    found = sight(*(LiveSocket(socket=row, holders=(HOLDER,)) for row in rows))
    return list(table(found, 80, folded=folded))


def test_what_waits_has_a_line_of_its_own_with_the_reason() -> None:
    _, first, second, third = lines(LONG)
    assert first.split() == ["SYN_SENT", "0", "0", f"[{LONG.source}]:40000"]
    assert second.strip() == f"-> [{LONG.destination}]:443"
    assert third.strip() == r"we\x1b[31mb (4711); 3 SYNs sent, no answer yet"
    assert max(map(len, (first, third))) <= 80


def test_a_listener_stands_with_its_process() -> None:
    _, line = lines(LISTENER)
    assert line.split() == ["LISTEN", "0", "128", "0.0.0.0:8080", r"we\x1b[31mb", "(4711)"]


def test_what_is_alike_is_folded_by_the_side_that_listens() -> None:
    here = [replace(SOCKET, source_port=8080, destination_port=port) for port in range(50, 60)]
    there = [replace(SOCKET, source_port=port, send_queue=1) for port in range(60, 70)]
    rest = replace(SOCKET, state=TcpState.TIME_WAIT, timer=SocketTimer.TIME_WAIT, inode=0)
    left = [replace(rest, source_port=port) for port in range(70, 73)]
    found = lines(LISTENER, *here, *there, *left)
    assert [line.split() for line in found[2:4]] == [
        ["ESTABLISHED", "10", "0", "0", "192.0.2.10:8080", "->", "198.51.100.10:*"],
        ["ESTABLISHED", "10", "0", "10", "192.0.2.10:*", "->", "198.51.100.10:443"],
    ]
    assert len(found) == 4 + len(left)
    assert len(lines(LISTENER, *here, *there, *left, folded=False)) == 25


def test_a_socket_that_blocks_may_still_be_ended_by_a_signal() -> None:
    blocking = LiveSocket(socket=SOCKET, options=replace(OPTIONS, blocks=True))
    text = " ".join(" ".join(details(entry_of(blocking, NEW))).split())
    assert "it blocks: a call ends by these, or by a signal" in text
    assert "does not block" not in text
