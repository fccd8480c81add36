"""Turns templates into pages: strict about missing values, escaping everything, ready for other languages."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from desk import telling, words

if TYPE_CHECKING:
    from collections.abc import Mapping

_HERE = Path(__file__).parent
_KINDS = {".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".svg": "image/svg+xml"}
_HASH_LENGTH = 12


@dataclass(frozen=True, slots=True)
class Asset:
    """A static file: its bytes, and its media type."""

    content: bytes
    media_type: str


@dataclass(frozen=True, slots=True)
class Renderer:
    """The templates and the static files, read once; `addresses` gives each file's name with its hash in it."""

    environment: Environment
    assets: Mapping[str, Asset] = field(default_factory=dict)
    addresses: Mapping[str, str] = field(default_factory=dict)

    def page(self, template: str, context: Mapping[str, object]) -> str:
        """Fill in a template."""
        return self.environment.get_template(template).render(context)

    def static(self, name: str) -> Asset:
        """Return a static file by its plain name."""
        return self.assets[self.addresses[name].rpartition("/")[2]]


@cache
def make_renderer() -> Renderer:
    """Read the desk's templates and static files; every desk of this process shares what was read."""
    environment = Environment(
        loader=FileSystemLoader(_HERE / "templates"),
        auto_reload=False,
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
        finalize=telling.told,
    )
    telling.install(environment)
    environment.filters["iso"] = words.as_utc
    environment.filters["runs"] = words.runs
    environment.filters["paragraphs"] = words.paragraphs
    assets, addresses = {}, {}
    for path in sorted((_HERE / "static").iterdir()):
        if path.suffix in _KINDS:
            content = path.read_bytes()
            hashed = f"{path.stem}.{sha256(content).hexdigest()[:_HASH_LENGTH]}{path.suffix}"
            assets[hashed] = Asset(content, _KINDS[path.suffix])
            addresses[path.name] = f"/static/{hashed}"
    return Renderer(environment, assets, addresses)
