"""Redaction: addresses, names and secrets replaced so that a report can be posted in public.

Every stand-in is of the same kind as what it stands for, so that scripts, commands and the app
read a redacted report as any other, and none can be a true one:

- IPv4: out of 0.0.0.0/8, which is nobody's (RFC 6890), as ``0.0.NETWORK.HOST``: the same /24 stays
  visibly the same. The second number tells the kind: 10 private, 100 shared, 169 link-local.
- IPv6: out of 3fff::/20, for documentation only (RFC 9637), as ``3fff:KIND:NETWORK::HOST``: the
  same /64 stays the same. KIND is 0, ``fd0`` for unique local and ``fe8`` for link-local ones.
- MAC: ``02:00:5e:...``; names, label by label: ``name-1.name-2``; interfaces whose name is not the
  kernel's or systemd's: ``if-1``; users ``user-1`` and secrets ``secret-1``.

Loopback, unspecified and multicast addresses and netmasks stay: they tell nothing. Packets are left
out. What is a stand-in already stays as it is, so that redacting twice changes nothing.
"""
