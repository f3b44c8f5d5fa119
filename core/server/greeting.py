"""What the server says when it is up: its addresses, found without asking anyone (Streamlit's own greeting asks a host on the internet)."""

import contextlib
import socket
import struct
import sys

import streamlit as st

from core.server import private

WILD = (None, "", "0.0.0.0", "::")
SIOCGIFADDR = 0x8915  # Linux: the address of an interface


def greet() -> None:
    """Prints the addresses under which the app is served."""
    address = private.said("browser.serverAddress") or st.get_option("server.address")
    named = [("URL", "localhost" if address in WILD else address)]
    if address in WILD:
        named += [("Network URL", one) for one in own_addresses()]
    print("\n  Gatescope is served.\n", *(f"  {name}: {private.url(host)}" for name, host in named), "", sep="\n", flush=True)


def own_addresses() -> list[str]:
    """This machine's IPv4 addresses but for the loopback, where the system tells them (Linux)."""
    found = []
    if sys.platform == "linux":
        from fcntl import ioctl

        with contextlib.suppress(OSError), socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as one:
            for _, name in socket.if_nameindex():
                with contextlib.suppress(OSError):  # it has none
                    reply = ioctl(one.fileno(), SIOCGIFADDR, struct.pack("256s", name.encode()[:15]))
                    found.append(socket.inet_ntoa(reply[20:24]))
    return [address for address in found if not address.startswith("127.")]
