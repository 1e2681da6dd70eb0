import re
from ipaddress import IPv4Address, IPv6Address
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from layerwalk.session.redaction.addresses import Addresses
from layerwalk.session.redaction.text import TextRedaction
from tests.unit.session.redaction.spellings import spellings


def telling(address: IPv4Address | IPv6Address) -> bool:
    """Whether an address has a stand-in at all."""
    return Addresses().stand_in(address) != str(address)


ADDRESSES = st.ip_addresses().filter(telling).map(str)
AROUND = st.sampled_from(
    [
        *[("", ""), ("to ", ":"), ("[", "]:443"), ("http://", "/x"), ("(", ")"), ("=", ",")],
        *[('"', '"'), ("upstream: ", "/24"), ("tcp:", ";"), ("by ", " port 5"), ("/", "%eth0")],
        ("a=", "."),
    ]
)


def knowing(*names: str) -> TextRedaction:
    made = TextRedaction()
    for name in names:
        made.names.learn(name)
    return made


HOME = Path("/", "home", "bob")
CASES = {
    "to [2001:DB8:0:0::1]:5432": "to [3fff:0:1::1]:5432",
    "2001:db8::1: no answer": "3fff:0:1::1: no answer",
    "fe80::1%eth0, fe80::1%wg-acme": "3fff:fe8:1::1%eth0, 3fff:fe8:1::1%if-1",
    "::ffff:198.51.100.9 ::FFFF:c633:6409": "::ffff:0.0.1.1 ::ffff:0.0.1.1",
    "198.51.100.9/24 in 198.51.100.0/24": "0.0.1.1/24 in 0.0.1.0/24",
    "198.51.100.9.5432 > 10.0.0.1.22": "0.0.1.1.5432 > 0.10.1.1.22",
    "10.0.0.1-10.0.0.9": "0.10.1.1-0.10.1.2",
    "9.100.51.198.in-addr.arpa": "1.1.0.0.in-addr.arpa",
    "100.51.198.in-addr.arpa": "1.0.0.in-addr.arpa",
    "198.51.100.9 is 0xC6336409, mark 0x00000001": "0.0.1.1 is 0x00000101, mark 0x00000001",
    "ip-10-0-0-1.ec2": "ip-0-10-1-1.ec2",
    "999.1.1.1 at 12:34:56, 50 % of std::io, core::fmt": None,
    "/255.255.255.0 dev lo ::1 127.0.0.1": None,
    "52:54:00:aa:BB:01 52-54-00-aa-bb-01": "02:00:5e:00:00:01 02-00-5e-00-00-01",
    "ff:ff:ff:ff:ff:ff 33:33:00:00:00:01": None,
    "33:33:ff:12:34:56": "02:00:5e:00:00:01",
    "db.acme.internal: Acme's wg-acme, xacme": "name-1.name-2.name-3: name-2's if-1, xacme",
    "API.eu.acme.internal. and db": "name-4.name-5.name-2.name-3. and db",
    "web-3 asks; web-33 does not": "name-4 asks; web-33 does not",
    "postgres://bob:s3c/ret@10.0.0.1/d?sslkey=abc&x=": "postgres://user-1:secret-1@0.10.1.1/d"
    "?sslkey=secret-2&x=",
    "http://...@10.0.0.1/": "http://...@0.10.1.1/",
    "http://10.0.0.1:80/@x": "http://0.10.1.1:80/@x",
    "bob@10.0.0.1: Permission denied": "user-1@0.10.1.1: Permission denied",
    'for user "bob", database "crm"': 'for user "user-1", database "user-2"',
    "Authorization: Bearer ab.cd, x": "Authorization: Bearer secret-1, x",
    "Cookie: a=b; c=d": "Cookie: secret-1",
    'password="hunter2" (using password: YES)': 'password="secret-1" (using password: YES)',
    "id 550e8400-e29b-41d4-a716-446655440000": "id secret-1",
    f"{HOME}/x and {HOME}/y": f"{HOME.parent}/user-1/x and {HOME.parent}/user-1/y",
    f'File "{HOME}/v/lib/python3.11/site-packages/a/b.py", line': 'File ".../a/b.py", line',
    'File "/usr/lib/python3.11/socket.py", line': 'File ".../socket.py", line',
    'iifname "wg-acme" drop comment "for \\"X\\""': 'iifname "if-1" drop comment "..."',
    "-m comment --comment INC42 -j DROP": '-m comment --comment "..." -j DROP',
}


@pytest.mark.parametrize(("true", "shown"), CASES.items())
def test_a_text_is_redacted(true: str, shown: str | None) -> None:
    redaction = TextRedaction()
    redaction.names.learn("db.acme.internal")
    redaction.names.learn_interface("wg-acme")
    redaction.text("db.acme.internal")
    redaction.names.learn("web-3")
    assert redaction.text(true) == (shown or true)


@pytest.mark.parametrize("shown", [it for it in CASES.values() if it])
def test_what_is_redacted_stays(shown: str) -> None:
    assert TextRedaction().text(shown) == shown


@given(ADDRESSES, AROUND, st.data())
def test_no_spelling_of_an_address_is_overlooked(
    address: str, around: tuple[str, str], data: st.DataObject
) -> None:
    written = data.draw(st.sampled_from([it for it in spellings(address) if "0x" not in it]))
    shown = TextRedaction().text(around[0] + written + around[1])
    forward = re.sub(r"(?:[0-9a-f]\.){32}ip6\.arpa", "", shown)  # its nibbles are no IPv4
    for spelling in spellings(address):
        text = shown if spelling.endswith("arpa") else forward
        assert not re.search(rf"(?<![0-9a-fA-F]){re.escape(spelling)}(?![0-9a-fA-F])", text)


@given(st.text(alphabet='a1.:-@/=?&[]%" f', max_size=300) | st.text(max_size=300))
def test_any_text_is_redacted_once_and_for_all(text: str) -> None:
    shown = knowing("a.f", "f1").text(text)
    assert TextRedaction().text(shown) == shown


@pytest.mark.parametrize(
    "piece", ["a.", ":", "://", "1.", "a-", "?a=", "ff:", "a1", "x@", "&", "\\"]
)
def test_a_long_text_takes_no_more_than_its_time(piece: str) -> None:
    text = piece * 20_000
    assert len(knowing("db.acme.internal").text(text)) > 0
