"""Two things that ip does not do for an interface: offloads off, and waiting until it carries.

Source: linux/ethtool.h, linux/sockios.h, netdevice(7).
"""

import contextlib
import ctypes
import fcntl
import socket
import struct
import time

from layerwalk.lab.errors import LabError

_SIOCGIFFLAGS = 0x8913
_SIOCETHTOOL = 0x8946
_GLINK = 0x0A
_SETTERS = (0x17, 0x1F, 0x24, 0x2C)  # ETHTOOL_STXCSUM, _STSO, _SGSO, _SGRO
_RUNNING = 0x40
_PATIENCE_S, _PAUSE_S = 10.0, 0.001


def switch_off_offloads(interfaces: list[str]) -> None:
    """Switch off checksum and segmentation offload, as far as each interface knows them.

    Left on, packets cross a veth pair with half-made checksums and up to 64 kB long, which a
    capture or a delay line takes for real.
    """
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as handle:
        for interface in interfaces:
            for setter in _SETTERS:
                _ethtool(handle, interface, setter)


def await_carrier(interfaces: list[str], *, present: bool = True) -> None:
    """Wait until each of these carries packets, or no more does; LabError after ten seconds.

    The kernel notices what the far end of a pair does in its own time, as much as a second later,
    and drops what is sent before. Asking for the link's state makes newer kernels look at once.
    """
    last = time.monotonic() + _PATIENCE_S
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as handle:
        for interface in interfaces:
            while _carries(handle, interface) is not present:
                if time.monotonic() > last:
                    raise LabError(f"interface {interface}: carrier is {not present}")
                time.sleep(_PAUSE_S)


def _carries(handle: socket.socket, interface: str) -> bool:
    _ethtool(handle, interface, _GLINK)
    answer = fcntl.ioctl(handle, _SIOCGIFFLAGS, struct.pack("16sH22x", interface.encode(), 0))
    return bool(struct.unpack_from("16xH", answer)[0] & _RUNNING)


def _ethtool(handle: socket.socket, interface: str, command: int) -> None:
    value = ctypes.create_string_buffer(struct.pack("=II", command, 0), 8)
    request = struct.pack("16sP16x", interface.encode(), ctypes.addressof(value))
    with contextlib.suppress(OSError):  # lo, for one, knows not all of them
        fcntl.ioctl(handle, _SIOCETHTOOL, request)
