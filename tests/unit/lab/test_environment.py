"""What a program in the lab inherits: nobody's proxies, and a PATH with ip and nft on it."""

import pytest

from layerwalk.lab.build import environment


def test_proxies_and_resolver_options_stay_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "HTTPS_PROXY", "RES_OPTIONS", "KEPT"):
        monkeypatch.setenv(name, "set")
    found = environment()
    assert {"http_proxy", "HTTPS_PROXY", "RES_OPTIONS"}.isdisjoint(found)
    assert found["KEPT"] == "set"


def test_what_is_given_is_taken_as_it_is() -> None:
    found = environment({"http_proxy": "http://192.0.2.1:3128"})
    assert found["http_proxy"] == "http://192.0.2.1:3128"
    assert set(found) == {"http_proxy", "PATH"}


def test_system_folders_are_on_the_path(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/somewhere")
    assert environment()["PATH"].split(":")[0] == "/somewhere"
    assert "/usr/sbin" in environment()["PATH"].split(":")
