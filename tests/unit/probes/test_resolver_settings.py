"""The files that name resolution goes by, read as glibc reads them."""

from hypothesis import given
from hypothesis import settings as trying
from hypothesis import strategies as st

from layerwalk.probes.resolve.settings import (
    DEFAULT_SOURCES,
    candidates,
    hosts_entries,
    settings_of,
    sources_of,
)

RESOLV = """\
; a comment
# nameserver 192.0.2.1
nameserver 192.0.2.53
nameserver 2001:db8::53
nameserver fe80::1%eth0
nameserver 192.0.2.54
nameserver nonsense
domain old.test
search lab.test example.test.
options ndots:2 timeout:99 attempts:0 edns0 rotate
"""


def test_a_resolv_conf() -> None:
    settings = settings_of(RESOLV, "host.local.test")
    assert settings.nameservers == ("192.0.2.53", "2001:db8::53", "fe80::1%eth0")
    assert settings.search == ("lab.test", "example.test")
    assert (settings.ndots, settings.timeout_s, settings.attempts) == (2, 30.0, 1)
    assert settings.edns
    assert not settings.tcp
    assert not settings.defaulted


def test_an_empty_one_has_defaults() -> None:
    settings = settings_of("", "host.local.test")
    assert (settings.nameservers, settings.defaulted) == (("127.0.0.1",), True)
    assert (settings.search, settings.timeout_s, settings.attempts) == (("local.test",), 5.0, 2)


def test_tcp_only() -> None:
    assert settings_of("nameserver 192.0.2.53\noptions use-vc\n", "").tcp


def test_the_search_list() -> None:
    settings = settings_of(RESOLV, "")
    lab, example = "{}.lab.test", "{}.example.test"
    assert candidates("db", settings) == (lab.format("db"), example.format("db"), "db")
    assert candidates("db.a", settings)[-1] == "db.a"
    assert candidates("db.a.b", settings)[0] == "db.a.b"
    assert candidates("db.", settings) == ("db",)


def test_sources_without_their_actions() -> None:
    text = (
        "passwd: files\nhosts:  files mdns4 [NOTFOUND=return] resolve [!UNAVAIL=return] dns # x\n"
    )
    assert sources_of(text) == ("files", "mdns4", "resolve", "dns")
    assert sources_of("") == DEFAULT_SOURCES


def test_every_line_of_the_hosts_file_that_names_it() -> None:
    text = "#192.0.2.9 db\n192.0.2.1 Other DB # x\n::1 dbx\nwrong db\n2001:db8::1\tdb\n"
    found = [(it.address, it.line) for it in hosts_entries(text, "db", "/etc/hosts")]
    assert found == [("192.0.2.1", 2), ("2001:db8::1", 5)]


@trying(deadline=None)
@given(st.text(), st.text(max_size=20))
def test_no_text_trips_them(text: str, name: str) -> None:
    settings = settings_of(text, name)
    assert settings.nameservers
    assert candidates(name, settings)
    assert isinstance(sources_of(text), tuple)
    assert isinstance(hosts_entries(text, name, ""), tuple)
