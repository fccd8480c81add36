"""What a name server tells of the sender's domain, and what of that keeps mail from arriving."""

from __future__ import annotations

import pytest

from notifications import dns, sender_domain
from notifications.sender_domain import Finding
from tests.notifications.scripted_dns import ScriptedNames, Zone

GOOD: Zone = {
    "ngo.example": (
        "TXT some other words",
        "TXT v=spf1 include:relay.example -all",
        "MX 20 two.example",
        "MX 10 one.example",
    ),
    "one._domainkey.ngo.example": (f"TXT v=DKIM1; k=rsa; p={'A' * 1500}",),
    "_dmarc.ngo.example": ("TXT v=DMARC1; p=quarantine; rua=mailto:reports@ngo.example",),
    "_mta-sts.ngo.example": ("TXT v=STSv1; id=1",),
    "_smtp._tls.ngo.example": ("TXT v=TLSRPTv1; rua=mailto:reports@ngo.example",),
}


def found(zone: Zone, *, domain: str = "ngo.example", selector: str = "one") -> dict[str, Finding]:
    with ScriptedNames(zone).running() as names:
        return {one.what: one for one in sender_domain.look(names, domain, selector=selector)}


def test_a_domain_with_everything_is_well_and_a_long_key_is_read_over_tcp() -> None:
    findings = found(GOOD)

    assert [one.what for one in findings.values() if not one.well] == []
    assert findings["MX"].told == "one.example, two.example"


BAD = [
    ("SPF", "ngo.example", ("MX 10 one.example",), True, "0 records"),
    ("SPF", "ngo.example", ("TXT v=spf1 -all", "TXT v=spf1 ~all"), True, "2 records"),
    ("SPF", "ngo.example", ("TXT v=spf1 +all",), True, "everybody"),
    ("SPF", "ngo.example", ("TXT v=spf1 ?all",), False, "?all"),
    ("DKIM", "one._domainkey.ngo.example", (), True, "no key"),
    ("DKIM", "one._domainkey.ngo.example", ("TXT v=DKIM1; p=",), True, "revoked"),
    ("DMARC", "_dmarc.ngo.example", (), True, "none"),
    ("DMARC", "_dmarc.ngo.example", ("TXT v=DMARC1; p=none",), False, "none"),
    ("DMARC", "_dmarc.ngo.example", ("TXT v=DMARC1; p=perhaps",), True, "perhaps"),
    ("MX", "ngo.example", ("MX 0 .",), True, "takes no mail"),
    ("MX", "ngo.example", ("A 192.0.2.1",), False, "its address"),
    ("MX", "ngo.example", (), True, "no address"),
    ("MTA-STS", "_mta-sts.ngo.example", (), False, "none"),
    ("TLSRPT", "_smtp._tls.ngo.example", ("TXT v=TLSRPTv1; rua=a", "TXT v=TLSRPTv1; rua=b"), False, "count as none"),
]


@pytest.mark.parametrize(("what", "name", "records", "needed", "told"), BAD)
def test_what_is_missing_or_wrong_is_told_with_what_to_do(
    what: str, name: str, records: tuple[str, ...], told: str, *, needed: bool
) -> None:
    finding = found({**GOOD, name: records})[what]

    assert (finding.well, finding.needed) == (False, needed)
    assert told in finding.told
    assert finding.do


def test_a_domain_above_speaks_for_one_that_says_nothing_of_dmarc() -> None:
    finding = found(GOOD, domain="desk.ngo.example")["DMARC"]

    assert finding.well
    assert "ngo.example asks" in finding.told


def test_without_a_selector_the_setting_is_named() -> None:
    finding = found(GOOD, selector="")["DKIM"]

    assert (finding.well, finding.needed) == (False, False)
    assert "PARLEY_MAIL_DKIM_SELECTOR" in finding.do


@pytest.mark.parametrize("names", [ScriptedNames(silent=True), ScriptedNames(code=2)], ids=["silent", "failing"])
def test_a_name_server_that_does_not_know_is_told_as_such(names: ScriptedNames) -> None:
    with names.running() as server, pytest.raises(dns.NoAnswer, match="gave no answer about ngo"):
        server.texts("ngo.example")


def test_a_name_that_cannot_be_asked_for_is_told_as_such() -> None:
    with ScriptedNames().running() as server, pytest.raises(dns.NoAnswer):
        server.texts(f"{'a' * 300}.example")


@pytest.mark.parametrize(
    ("text", "place"), [("192.0.2.1:5353", ("192.0.2.1", 5353)), ("2001:db8::1", ("2001:db8::1", 53))]
)
def test_a_name_server_is_given_with_or_without_a_port(text: str, place: tuple[str, int]) -> None:
    server = dns.of_the_system(text)

    assert (server.host, server.port) == place
