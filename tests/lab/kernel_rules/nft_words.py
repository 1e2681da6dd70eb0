"""Words that rules of nft are made of."""

from tests.lab.kernel_rules.trials import LOOPBACK, OWN, THEIRS

OTHERS = {4: ("198.51.100.200", "192.0.2.77"), 6: ("2001:db8:1::77", "2001:db8::77")}
PREFIXES = {
    4: (
        "192.0.2.0/24",
        "198.51.100.0/24",
        "192.0.2.0/29",
        "0.0.0.0/0",
        "10.0.0.0/8",
        "127.0.0.0/8",
    ),
    6: ("2001:db8::/64", "2001:db8:1::/48", "2001:db8::/32", "::/0", "fd00::/8", "::1/128"),
}
RANGES = {
    4: ("192.0.2.1-192.0.2.9", "198.51.100.0-203.0.113.255", "1.0.0.0-126.255.255.255"),
    6: ("2001:db8::1-2001:db8::9", "2001:db8:1::-2001:db8:2::ffff"),
}
MASKS = {4: ("255.255.255.0", "0.0.0.255", "255.0.255.0"), 6: ("ffff:ffff:ffff:ffff::", "::ffff")}
NAMES = {4: "ip", 6: "ip6"}
KINDS = {4: "ipv4_addr", 6: "ipv6_addr"}
ADDRESSES = {it: (*OWN[it], *THEIRS[it], LOOPBACK[it], *OTHERS[it]) for it in (4, 6)}
ICMP = {
    4: ("host-unreachable", "net-unreachable", "port-unreachable", "admin-prohibited"),
    6: ("no-route", "admin-prohibited", "addr-unreachable", "port-unreachable", "policy-fail"),
}
PRIORITIES = {
    "prerouting": (-300, -250, -150, -50, 0, 10),
    "input": (-300, -10, 0, 0, 0, 10, 50),
    "output": (-300, -250, -150, -50, 0, 0, 0, 10),
    "postrouting": (-150, 0, 50, 90),
}
COMMON = (
    "ct state established,related",
    "ct state new",
    "ct state invalid",
    "ct state != new",
    "ct state { new, untracked }",
    "ct state ! established",
    "ct state untracked",
    "ct state & (new | established) == new",
    "ct direction reply",
    "ct direction original",
    "ct status dnat",
    "ct status snat,dnat",
    "ct status & seen-reply != 0",
    "ct mark 0",
    "ct mark 7",
    "ct mark & 0x7 == 0x7",
    "ct mark != 7",
    "meta mark 0",
    "meta mark 5",
    "meta mark != 5",
    "meta mark & 0x10 == 0x10",
    "meta mark { 5, 0x10 }",
    "meta mark 1-10",
    "meta mark > 4",
    "meta l4proto tcp",
    "meta pkttype host",
    "meta pkttype { broadcast, multicast }",
    "tcp flags syn",
    "tcp flags == syn",
    "tcp flags != syn",
    "tcp flags syn / fin,syn,rst,ack",
    "tcp flags & (syn | ack) == syn | ack",
    "tcp flags & ack != 0",
    "tcp flags ! ack",
    "tcp flags { syn, ack }",
    "tcp option maxseg exists",
    "tcp option maxseg missing",
    "ip protocol tcp",
    "ip ttl 64",
    "ip ttl < 5",
    "ip dscp cs0",
    "ip6 nexthdr tcp",
    "ip version 4",
    "ip frag-off & 0x1fff != 0",
)
UNDECIDABLE = (
    "limit rate 10000/second",
    "limit rate over 100000/second",
    "meta random >= 2147483648",
    "numgen inc mod 2 0",
    "quota over 100 mbytes",
    "meta skuid 0",
    "meta cgroup 0",
    "tcp window > 5",
)
OTHER_PROTOCOLS = (
    "udp dport != 1",
    "icmp type echo-request",
    "meta l4proto { udp, icmp, ipv6-icmp }",
    "meta l4proto != tcp",
    "meta l4proto { tcp, udp }",
)
SPORTS = ("1-65535", "20000-40000", "40001-65535", "25")
DEVICES = ("eth0", "lo", "eth*", "wan0", "*0")
