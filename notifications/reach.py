"""Where webhooks may lead: to public addresses over https, and to networks that the office names as its own.

A name is looked up here and the connection is made to the very address that was judged, so a name that changes its mind
in between leads nowhere.
"""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network
from urllib.parse import SplitResult, urlsplit

from states import errors
from states.said import Said, say

Address = IPv4Address | IPv6Address
Lookup = Callable[[str, int], Sequence[str]]

LONGEST_URL = 500
_PORTS = {"https": 443, "http": 80}


def look_up(host: str, port: int) -> tuple[str, ...]:
    """Ask the system for the addresses of a host; raise `OSError` where it knows none."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return tuple(dict.fromkeys(str(one[4][0]) for one in found))


@dataclass(frozen=True, slots=True)
class Reach:
    """How far webhooks may lead: to public addresses, and to these networks."""

    networks: tuple[IPv4Network | IPv6Network, ...] = ()
    look_up: Lookup = look_up

    def refuse_url(self, url: str) -> None:
        """Raise `NeedsMissing` for an address that nothing is ever sent to, without looking anything up."""
        why = self._fault(url)
        if why is not None:
            raise errors.NeedsMissing(why)

    def address_of(self, url: str) -> Address:
        """Return the address to connect to; raise `Refused` where any address of the host is not to be reached."""
        self.refuse_url(url)
        parts = urlsplit(url)
        try:
            found = [ipaddress.ip_address(one) for one in self.look_up(parts.hostname or "", port_of(parts))]
        except (OSError, ValueError, UnicodeError):
            found = []
        if not found:
            raise errors.Refused(say("the name of the host is not known"))
        if not all(map(self._allows, found)):
            raise errors.Refused(say("the host lies in a network that webhooks may not lead to"))
        return found[0]

    def _fault(self, url: str) -> Said | None:
        try:
            parts = urlsplit(url)
            port = parts.port
        except ValueError:
            return say("this is no address; write it as https://example.org/hook")
        if len(url) > LONGEST_URL or not url.isascii() or any(sign <= " " for sign in url):
            return say("the address is too long, or holds signs that no address holds")
        if not parts.hostname or parts.username is not None or parts.fragment or port == 0:
            return say("write the address with a host, without a name, a password or a part after #")
        literal = _literal(parts.hostname)
        if literal is not None and not self._allows(literal):
            return say("the host lies in a network that webhooks may not lead to")
        own = literal is not None and self._is_own(literal)
        if parts.scheme != "https" and not (parts.scheme == "http" and own):
            return say("webhooks lead to addresses that begin with https://")
        return None

    def _allows(self, address: Address) -> bool:
        embedded = _embedded(address)
        public = embedded.is_global and not embedded.is_multicast and not embedded.is_reserved
        return public or self._is_own(embedded)

    def _is_own(self, address: Address) -> bool:
        return any(address in network for network in self.networks if network.version == address.version)


def port_of(parts: SplitResult) -> int:
    """Return the port of an address."""
    return parts.port or _PORTS[parts.scheme]


def _literal(host: str) -> Address | None:
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None


def _embedded(address: Address) -> Address:
    """Return the IPv4 address that an IPv6 address stands for, if it does for one."""
    if isinstance(address, IPv4Address):
        return address
    teredo = address.teredo[1] if address.teredo else None
    nat64 = IPv4Address(int(address) & 0xFFFFFFFF) if address in _NAT64 else None
    return address.ipv4_mapped or address.sixtofour or teredo or nat64 or address


_NAT64 = IPv6Network("64:ff9b::/96")
