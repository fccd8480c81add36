"""What the world is told of the domain we write from: who may send for it, its keys, and who takes its mail."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from notifications.dns import NameServer

_MOST_PARENTS = 5
_TAG = re.compile(r"\s*([A-Za-z]+)\s*=\s*([^;]*?)\s*(?:;|$)")


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found of one record; `needed` ones keep mail from arriving when they are missing or wrong."""

    what: str
    well: bool
    told: str
    do: str = ""
    needed: bool = True


def look(names: NameServer, domain: str, *, selector: str, bounces: str = "") -> Iterator[Finding]:
    """Look at every record of a sender's domain, one after the other; `bounces` names that of the envelope's sender.

    Raises `NoAnswer`.
    """
    back = bounces or domain
    yield _spf(names, back)
    yield _dkim(names, domain, selector)
    yield _dmarc(names, domain)
    yield _mx(names, back)
    yield _transport_rules(names, back)
    yield _tls_reports(names, back)


def _spf(names: NameServer, domain: str) -> Finding:
    """RFC 7208: exactly one record says which machines may send for a domain."""
    found = [text for text in names.texts(domain) if re.match(r"v=spf1( |$)", text, re.IGNORECASE)]
    if len(found) != 1:
        told = f"{domain} has {len(found)} records, and receivers ask for exactly one"
        return Finding(
            "SPF", well=False, told=told, do=f'one TXT at {domain}: "v=spf1 include:<your mail server> -all"'
        )
    terms = found[0].lower().split()
    if {"+all", "all"} & set(terms):
        return Finding("SPF", well=False, told=f"“{found[0]}” lets everybody send", do="end it with -all")
    ends = {"-all", "~all"} & set(terms) or any(term.startswith("redirect=") for term in terms)
    do = "" if ends else "end it with -all, or ~all while you try"
    return Finding("SPF", well=bool(ends), told=f"“{found[0]}”", do=do, needed=False)


def _dkim(names: NameServer, domain: str, selector: str) -> Finding:
    """RFC 6376: the key by which receivers check the mail server's signature."""
    if not selector:
        told = "its name is not set, so it cannot be looked up"
        return Finding("DKIM", well=False, told=told, do="set PARLEY_MAIL_DKIM_SELECTOR", needed=False)
    place = f"{selector}._domainkey.{domain}"
    keys = [tags for tags in map(_tags, names.texts(place)) if "p" in tags]
    if not keys:
        do = "let the mail server sign, and publish the TXT that it tells"
        return Finding("DKIM", well=False, told=f"there is no key at {place}", do=do)
    if not any(tags["p"] for tags in keys):
        return Finding("DKIM", well=False, told=f"the key at {place} was revoked", do="publish the newer key")
    return Finding("DKIM", well=True, told=f"a key at {place}")


def _dmarc(names: NameServer, domain: str) -> Finding:
    """RFC 7489: what receivers do with mail that fails both; a domain above speaks where it does not itself."""
    for place in _with_parents(domain):
        found = [text for text in names.texts(f"_dmarc.{place}") if text.lower().startswith("v=dmarc1")]
        if not found:
            continue
        does = _tags(found[0]).get("p", "")
        told = f"{place} asks for “{does}”"
        if len(found) > 1 or does not in {"none", "quarantine", "reject"}:
            do = f"keep one record at _dmarc.{place} with p=none, quarantine or reject"
            return Finding("DMARC", well=False, told=f"{place} has {len(found)} records, with “{does}”", do=do)
        if does == "none":
            return Finding("DMARC", well=False, told=told, do="once reports are clean: p=quarantine", needed=False)
        return Finding("DMARC", well=True, told=told)
    do = f'TXT at _dmarc.{domain}: "v=DMARC1; p=none; rua=mailto:<who reads the reports>"'
    return Finding("DMARC", well=False, told="there is none", do=do)


def _mx(names: NameServer, domain: str) -> Finding:
    """RFC 5321: whoever takes mail for the domain; without it, no answer and no bounce comes back."""
    found = names.mail_servers(domain)
    if found == (".",):
        return Finding("MX", well=False, told=f"{domain} says that it takes no mail", do="publish who takes it")
    if found:
        return Finding("MX", well=True, told=", ".join(found))
    if names.has_address(domain):
        return Finding("MX", well=False, told="none, so mail goes to its address", do="publish an MX", needed=False)
    do = f"publish an MX at {domain}, or answers and bounces are lost"
    return Finding("MX", well=False, told="none, and no address either", do=do)


def _transport_rules(names: NameServer, domain: str) -> Finding:
    """RFC 8461: those who write to us insist on TLS."""
    return _policy(names, f"_mta-sts.{domain}", "v=stsv1", "MTA-STS")


def _tls_reports(names: NameServer, domain: str) -> Finding:
    """RFC 8460: those who write to us report where TLS failed."""
    return _policy(names, f"_smtp._tls.{domain}", "v=tlsrptv1", "TLSRPT")


def _policy(names: NameServer, place: str, version: str, what: str) -> Finding:
    found = [text for text in names.texts(place) if text.lower().startswith(version)]
    if len(found) == 1:
        return Finding(what, well=True, told=f"“{found[0]}”", needed=False)
    told = f"there is none at {place}" if not found else f"{len(found)} records at {place} count as none"
    return Finding(
        what, well=False, told=told, do="of use to who runs the mail server; mail goes without", needed=False
    )


def _with_parents(domain: str) -> Iterator[str]:
    """Yield a domain and those above it, without the topmost label alone."""
    labels = domain.split(".")
    for begin in range(min(len(labels) - 1, _MOST_PARENTS)):
        yield ".".join(labels[begin:])


def _tags(text: str) -> dict[str, str]:
    return {name.lower(): "".join(value.split()) for name, value in _TAG.findall(text)}
