"""The addresses that are tried, where the system has not said."""

from layerwalk.probes.facts import HostsEntry, NameserverAnswer, Outcome
from layerwalk.probes.resolve.order import chosen, ordered, usable

LISTED = (HostsEntry(address="192.0.2.9", file="/etc/hosts", line=1),)
SILENT = NameserverAnswer(server="192.0.2.53", outcome=Outcome.SILENT)
TOLD = NameserverAnswer(
    server="192.0.2.54", outcome=Outcome.ANSWERED, addresses=("192.0.2.1", "2001:db8::1")
)


def test_the_hosts_file_goes_first_where_it_is_asked_at_all() -> None:
    assert chosen(LISTED, (SILENT, TOLD), ("files", "dns"), None) == ("192.0.2.9",)
    assert chosen(LISTED, (SILENT, TOLD), ("dns",), None) == TOLD.addresses
    assert chosen(LISTED, (SILENT, TOLD), ("files", "dns"), 6) == ("2001:db8::1",)
    assert chosen((), (SILENT,), ("files", "dns"), None) == ()


def test_services_are_asked_in_their_order() -> None:
    assert chosen(LISTED, (TOLD,), ("dns", "files"), None) == TOLD.addresses
    assert chosen(LISTED, (SILENT,), ("dns", "files"), None) == ("192.0.2.9",)
    assert chosen((), (TOLD,), ("files",), None) == ()
    assert chosen((), (TOLD,), ("mymachines", "resolve", "files"), 4) == ("192.0.2.1",)


def test_what_this_machine_can_reach_goes_first() -> None:
    assert ordered(TOLD.addresses, lambda _: True) == ("2001:db8::1", "192.0.2.1")
    assert ordered(TOLD.addresses, lambda it: "." in it) == ("192.0.2.1", "2001:db8::1")


def test_a_scope_that_is_no_interface_can_not_be_reached() -> None:
    assert usable("127.0.0.1")
    assert not usable("fe80::1%none")
