"""Draws a printed page as PDF, from the same HTML and with nothing fetched from anywhere.

WeasyPrint needs Pango on the machine and takes a while to load, so it is imported when the first PDF is asked for.
"""

from __future__ import annotations

from threading import Lock
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from desk.problems import NoPdf

if TYPE_CHECKING:
    from collections.abc import Mapping

    from desk.rendering import Asset

MISSING = (
    "no PDF can be made on this machine, because Pango is missing; install it (Debian and Ubuntu: "
    "apt-get install libpango-1.0-0 libpangoft2-1.0-0), or print the page from the browser"
)
_HERE = "https://desk.invalid/"
# Pango is not made for several threads, and one drawing at a time is enough for a desk.
_one_at_a_time = Lock()


def draw(page: str, assets: Mapping[str, Asset], *, seal: str) -> bytes:
    """Return a page as a tagged PDF, the same bytes for the same page; `seal` names the state of the record it shows.

    Raises `NoPdf` where Pango is missing.
    """
    library = load()
    with _one_at_a_time:
        document = library.HTML(string=page, base_url=_HERE, url_fetcher=_own_files(library, assets))
        drawn: bytes = document.write_pdf(pdf_variant="pdf/ua-1", pdf_identifier=seal.encode())
    return drawn


def load() -> Any:  # noqa: ANN401 - WeasyPrint ships without type information
    """Return the library that draws. Raises `NoPdf`."""
    try:
        import weasyprint  # noqa: PLC0415 - it fails where Pango is missing, and costs time
    except OSError:
        raise NoPdf(MISSING) from None
    return weasyprint


def _own_files(library: Any, assets: Mapping[str, Asset]) -> object:  # noqa: ANN401 - as above
    """Return a fetcher that knows our static files by the addresses the page has for them, and nothing else."""

    class OwnFiles(library.urls.URLFetcher):  # type: ignore[misc] # its base has no type information
        """Fetches what the desk itself serves."""

        def fetch(self, url: str, headers: object = None) -> object:  # noqa: ARG002 - the library's own signature
            """Return a static file; any other address stops the drawing."""
            found = assets.get(urlsplit(url).path.rpartition("/")[2]) if url.startswith(_HERE) else None
            if found is None:
                raise ValueError(f"{url} is not one of the desk's own files")
            return library.urls.URLFetcherResponse(url, found.content, {"Content-Type": found.media_type})

    return OwnFiles(fail_on_errors=True)
