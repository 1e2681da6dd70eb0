"""The one place that knows netifaces2."""

import sys
from types import SimpleNamespace

import pytest

from layerwalk.probes.addresses import own_addresses


def test_loopback_has_its_address() -> None:
    assert "127.0.0.1" in own_addresses("lo")


def test_an_interface_that_is_not_there_has_none() -> None:
    assert own_addresses("none") == ()


def test_a_link_local_address_gets_its_scope_once(monkeypatch: pytest.MonkeyPatch) -> None:
    entries = {10: [{"addr": "fe80::1"}, {"addr": "fe80::2%eth0"}, {"addr": "2001:db8::1"}]}
    fake = SimpleNamespace(ifaddresses=lambda _: entries)
    monkeypatch.setitem(sys.modules, "netifaces", fake)
    assert own_addresses("eth0") == ("fe80::1%eth0", "fe80::2%eth0", "2001:db8::1")
