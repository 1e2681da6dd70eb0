import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from layerwalk.probes.facts import Family, endpoint
from layerwalk.session.targets import BadInput, parse_target

TYPED = st.text(st.characters(codec=None)) | st.text("[]:@%/.?#\\- 0123456789abcdefx", max_size=40)


@pytest.mark.parametrize(
    ("text", "host", "port", "scheme"),
    [
        ("db", "db", None, "tcp"),
        ("db:5432", "db", 5432, "tcp"),
        (" db.internal:5432\n", "db.internal", 5432, "tcp"),
        ("DB.Internal.:22", "db.internal.", 22, "tcp"),
        ("my_service:80", "my_service", 80, "tcp"),
        ("192.0.2.1", "192.0.2.1", None, "tcp"),
        ("2001:DB8::1", "2001:db8::1", None, "tcp"),
        ("[2001:db8:0::1]:443", "2001:db8::1", 443, "tcp"),
        ("[2001:db8::1]", "2001:db8::1", None, "tcp"),
        ("[::ffff:192.0.2.1]:443", "192.0.2.1", 443, "tcp"),
        ("fe80::1%eth0", "fe80::1%eth0", None, "tcp"),
        ("[fe80::1%eth0]:80", "fe80::1%eth0", 80, "tcp"),
        ("http://[fe80::1%25eth0]/", "fe80::1%eth0", 80, "http"),
        ("tcp://db:5432", "db", 5432, "tcp"),
        ("tcp://db", "db", None, "tcp"),
        ("tls://db", "db", 443, "tls"),
        ("http://db/path", "db", 80, "http"),
        ("HTTPS://db:8443?q", "db", 8443, "https"),
        ("bücher.example:80", "xn--bcher-kva.example", 80, "tcp"),
        ("causes:80", "causes", 80, "tcp"),
    ],
)
def test_a_target_is_understood(text: str, host: str, port: int | None, scheme: str) -> None:
    target = parse_target(text)
    assert (target.host, target.port, target.scheme) == (host, port, scheme)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "empty"),
        ("  ", "empty"),
        (":5432", "--role server"),
        ("http://:80", "no host"),
        (".", "no host"),
        ("http://", "no host"),
        ("a b", "blank"),
        ("a\x1b[31m:80", "control"),
        ("\ud800", "control"),
        ("db:0", "1 to 65535"),
        ("db:65536", "1 to 65535"),
        ("db:", "1 to 65535"),
        ("db:http", "1 to 65535"),
        ("db:" + "9" * 1000, "1 to 65535"),
        ("db:\N{FULLWIDTH DIGIT EIGHT}", "1 to 65535"),
        ("x" * 5000, "longer than"),
        ("x" * 64, "63"),
        ("x." * 128, "253"),
        ("ü" * 300, "253"),
        ("ü" * 63, "IDNA"),
        ("1.2.3", "broken IPv4"),
        ("256.1.1.1", "broken IPv4"),
        ("192.0.2.01:80", "broken IPv4"),
        ("2130706433", "broken IPv4"),
        ("0x7f.1", "broken IPv4"),
        ("\N{FULLWIDTH DIGIT ONE}.0.2.1", "broken IPv4"),
        ("a..b", "no host name"),
        ("-x", "no host name"),
        ("a*b", "no host name"),
        ("ü..b", "IDNA"),
        ("2001:db8::g", "no IPv6"),
        ("2001:db8::1%", "no IPv6"),
        ("2001:db8::1%eth0/../..", "slash"),
        ("fe80::1%a-name-far-too-long", "no interface"),
        ("[db]:80", "no IPv6"),
        ("[::1", "brackets"),
        ("[::1]80", "brackets"),
        ("[192.0.2.1]:80", "brackets"),
        ("ftp://db", "scheme"),
        ("db/path", "slash"),
        ("0.0.0.0:80", "all addresses"),
        ("::", "all addresses"),
        ("ff02::1", "group"),
        ("255.255.255.255", "group"),
    ],
)
def test_what_is_no_target_is_refused_in_one_line(text: str, why: str) -> None:
    with pytest.raises(BadInput, match=why) as refusal:
        parse_target(text)
    assert str(refusal.value).isprintable()


@pytest.mark.parametrize(("text", "family"), [("192.0.2.1:80", 6), ("[2001:db8::1]:80", 4)])
def test_an_address_of_the_other_family_is_refused(text: str, family: Family) -> None:
    with pytest.raises(BadInput, match=f"-{family} asks for the other"):
        parse_target(text, family)


def test_a_family_is_kept() -> None:
    assert parse_target("db:80", 6).family == 6
    assert parse_target("192.0.2.1", 4).family == 4


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("https://user:secret@db/path", "https://db/path"),
        ("https://user:se@cret@db:1/", "https://db:1/"),
        ("user:secret@db:22", "db:22"),
        ("https://db/login?password=secret#secret", "https://db/login?..."),
        ("http://u:80/secret@db", "http://u:80/..."),
    ],
)
def test_a_password_is_never_kept(text: str, shown: str) -> None:
    assert parse_target(text).input == shown


@pytest.mark.parametrize(
    "text",
    [
        "https://user:secret@db:0/",
        "postgres://user:secret@db/x",
        "user:secret@",
        "https://user:sec/ret@db:80",
        "https://user:secret/@db:x",
        "user:secret @db",
        "ftp://db/?password=secret",
    ],
)
def test_a_password_is_never_quoted(text: str) -> None:
    with pytest.raises(BadInput) as refusal:
        parse_target(text)
    assert not {"secret", "sec", "ret"} & set(str(refusal.value).replace("/", " ").split())
    assert "secret" not in str(refusal.value)


@given(TYPED, st.sampled_from([None, 4, 6]))
def test_whatever_is_typed_is_understood_or_refused(text: str, family: Family | None) -> None:
    try:
        target = parse_target(text, family)
    except BadInput as refusal:
        said = str(refusal)
    else:
        assert target.host.isascii()
        assert target.port is None or 1 <= target.port <= 65535
        said = target.input + target.host
    assert said.isprintable()


LABELS = st.text(string.ascii_lowercase + string.digits + "-_", min_size=1, max_size=63).filter(
    lambda text: not text.startswith("-")
)
NAMES = st.lists(LABELS, min_size=1, max_size=3).map(lambda labels: ".".join([*labels, "test"]))
ADDRESSES = st.ip_addresses().filter(
    lambda it: (
        not (it.is_multicast or it.is_unspecified or str(it) == "255.255.255.255")
        and getattr(it, "ipv4_mapped", None) is None
    )
)


@given(NAMES | ADDRESSES.map(str), st.integers(1, 65535))
def test_an_endpoint_is_read_back(host: str, port: int) -> None:
    target = parse_target(endpoint(host, port))
    assert (target.host, target.port) == (host, port)
    assert parse_target(host).host == host
