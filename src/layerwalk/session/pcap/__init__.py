"""The packets of a walk as a file that Wireshark opens (pcapng, draft-ietf-opsawg-pcapng).

Each packet carries a comment that names the evidence which it belongs to: its id in the report, and
what was found. scapy writes such files, too, but gives an interface one kind of link only, and
times in microseconds; questions on the link are Ethernet, all else is IP.
"""
