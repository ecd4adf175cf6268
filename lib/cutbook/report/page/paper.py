"""What every page is made on: the templates, the style, the content security policy and the printed margins."""

from __future__ import annotations

import base64
import hashlib
import re
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from cutbook.page_script import displays_script, report_script
from cutbook.report.page.facts import Strip

TEMPLATES = Path(__file__).parent / "template"
# Read by path: importing the displays would load matplotlib into the runner, which makes index pages without it.
_DISPLAYS = Path(__file__).parents[2] / "display" / "assets"
_COMMENT_LINES = re.compile(r"^\s*/\*(?:[^*]|\*(?!/))*\*/\s*$", re.MULTILINE)
_CSS_STRING_SAFE = re.compile(r"[^A-Za-z0-9 ._-]")


@cache
def page_templates() -> Environment:
    """Return the templates of pages; what they are given is escaped."""
    loader = FileSystemLoader(TEMPLATES)
    return Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)


def page_style() -> str:
    """Return the style that all pages share: that of displays, then that of the page around them."""
    return _dense((_DISPLAYS / "displays.css").read_text(encoding="utf-8")) + "\n" + asset("page.css")


def page_script() -> str:
    """Return the script of a report: that of displays, then that of the page around them."""
    return _dense(displays_script()) + "\n" + _dense(report_script())


@cache
def asset(name: str) -> str:
    """Return a style sheet of the package, without comment lines and the white space that begins lines."""
    return _dense((TEMPLATES / name).read_text(encoding="utf-8"))


@cache
def _dense(text: str) -> str:
    return re.sub(r"\n\s*", "\n", _COMMENT_LINES.sub("", text)).strip()


def content_policy(style: str, script: str) -> str:
    """Return the content security policy: nothing from anywhere, except this style, this script and inline images."""
    return (
        "default-src 'none'; img-src data:; "
        f"style-src '{_digest(style)}'; script-src '{_digest(script)}'; base-uri 'none'; form-action 'none'"
    )


def print_style(facts: Strip) -> str:
    """Return the style of the printed margins: class, status, place, dates and page number on every sheet."""
    margins = {
        "top-left": _css_string(" · ".join(facts.marks).upper()),
        "top-right": _css_string(facts.place),
        "bottom-left": _css_string(facts.dates),
    }
    boxes = "".join(f"@{where}{{content:{text}}}" for where, text in margins.items())
    return f'@page{{{boxes}@bottom-right{{content:"Page " counter(page) " of " counter(pages)}}}}'


def _digest(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode("ascii")


def _css_string(text: str) -> str:
    return '"' + _CSS_STRING_SAFE.sub(lambda found: f"\\{ord(found[0]):x} ", text) + '"'
