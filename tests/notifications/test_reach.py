"""Where webhooks may lead: to public addresses over https alone, by whatever name or number a private one is called."""

from __future__ import annotations

from ipaddress import ip_address, ip_network

import pytest

from notifications.reach import Reach
from states import errors

PUBLIC = ("93.184.215.14", "2606:2800:21f:cb07:6820:80da:af6b:8b2c")
INSIDE = (
    "127.0.0.1", "127.9.9.9", "10.0.0.1", "172.16.4.4", "192.168.1.1", "169.254.169.254", "0.0.0.0", "100.64.0.1",  # noqa: S104
    "224.0.0.1", "255.255.255.255", "::1", "fe80::1", "fd00::1", "::ffff:10.0.0.1", "::ffff:127.0.0.1",
    "64:ff9b::7f00:1", "2002:7f00:1::", "2001:0:4136:e378:8000:63bf:80ff:fffe", "::",
)  # fmt: skip


def knowing(*addresses: str, networks: tuple[str, ...] = ()) -> Reach:
    """Returns a reach for which every name leads to these addresses."""
    return Reach(tuple(ip_network(one) for one in networks), look_up=lambda _host, _port: addresses)


@pytest.mark.parametrize("address", PUBLIC)
def test_a_public_address_may_be_reached(address: str) -> None:
    assert knowing(address).address_of("https://hook.example/x?y=1") == ip_address(address)


@pytest.mark.parametrize("address", INSIDE)
def test_a_name_that_leads_inside_is_refused(address: str) -> None:
    with pytest.raises(errors.Refused, match="may not lead to"):
        knowing(address).address_of("https://hook.example/")
    with pytest.raises(errors.Refused, match="may not lead to"):
        knowing(PUBLIC[0], address).address_of("https://hook.example/")


@pytest.mark.parametrize("address", INSIDE)
def test_an_address_inside_is_refused_before_anything_is_looked_up(address: str) -> None:
    host = f"[{address}]" if ":" in address else address
    with pytest.raises(errors.NeedsMissing, match="may not lead to"):
        Reach().refuse_url(f"https://{host}/")


@pytest.mark.parametrize(
    "url",
    [
        "http://hook.example/", "ftp://hook.example/", "//hook.example/", "hook.example", "https://", "https:///x",
        "https://user@hook.example/", "https://u:p@hook.example/", "https://hook.example/#part", "https://hook.example:0/",
        "https://hook.example:99999/", "https://hook.example/a b", "https://hook.example/\r\nx: y", "https://höok.example/",
        "https://hook.example/" + "x" * 500, "https://[::1", "javascript:alert(1)", "file:///etc/passwd",
    ],
)  # fmt: skip
def test_what_is_no_plain_https_address_is_refused(url: str) -> None:
    with pytest.raises(errors.NeedsMissing):
        Reach().refuse_url(url)


def test_an_office_may_name_networks_of_its_own() -> None:
    own = knowing("10.1.2.3", networks=("10.1.0.0/16",))
    assert own.address_of("https://inside.example/") == ip_address("10.1.2.3")
    assert own.address_of("http://10.1.2.3:8080/") == ip_address("10.1.2.3")
    with pytest.raises(errors.Refused):
        knowing("10.2.0.1", networks=("10.1.0.0/16",)).address_of("https://inside.example/")
    with pytest.raises(errors.NeedsMissing, match="https"):
        own.refuse_url("http://inside.example/")


@pytest.mark.parametrize("found", [(), ("nonsense",)])
def test_a_name_that_nobody_knows_is_refused(found: tuple[str, ...]) -> None:
    with pytest.raises(errors.Refused, match="not known"):
        knowing(*found).address_of("https://hook.example/")
