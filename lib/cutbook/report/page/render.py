"""The page of a report, a self-contained HTML file made from an executed notebook, and what had to go beside it."""

from __future__ import annotations

import base64
import html
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import nbformat
from markupsafe import Markup
from nbconvert.exporters.templateexporter import TemplateExporter
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath
from traitlets.config import Config

from cutbook.display.cohorts import words_of_cohorts
from cutbook.report.page.beside import KINDS, LARGEST_PAGE, Divided, divide
from cutbook.report.page.contents import identify_headings, joined_where_empty, read_contents, without_withheld
from cutbook.report.page.facts import PageFacts
from cutbook.report.page.paper import (
    TEMPLATES,
    content_policy,
    page_script,
    page_style,
    page_templates,
    print_style,
    with_words,
)

_TITLE = re.compile(r'<div class="prose"><h1>.*?</div>\n?', re.DOTALL)
_PROSE = re.compile(r'<div class="prose">.*?</div>', re.DOTALL)
_ANSI = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")


@dataclass(frozen=True)
class Shown:
    """How one output of a code cell is shown: live HTML, an image, or text that stays text."""

    kind: str
    content: str


class ReportExporter(TemplateExporter):
    """Exporter of a notebook's body: inputs hidden, HTML and images of code cells live, all else escaped text."""

    export_from_notebook = ""
    file_extension = ".html"

    @property
    def default_config(self) -> Config:
        """Return the settings of the exporter: prose with escaped raw HTML, and no preprocessor."""
        return Config()

    def default_filters(self) -> Any:  # noqa: ANN401 - pairs of name and callable
        """Return the filters of the body template."""
        yield from super().default_filters()  # type: ignore[no-untyped-call]
        yield "prose", prose
        yield "shown", shown


def render_page(executed: Path, facts: PageFacts) -> Divided:
    """Return the page of an executed notebook as one HTML document that needs no network, and the one beside it.

    Parameters
    ----------
    executed : Path
        The executed notebook.
    facts : PageFacts
        What the page says about itself.

    Returns
    -------
    Divided
        The page; and the document with the tables that would make it larger than ``LARGEST_PAGE`` bytes, empty when
        nothing would.

    Raises
    ------
    OSError
        The notebook cannot be read.
    """
    notebook = nbformat.read(executed, as_version=4)  # type: ignore[no-untyped-call]
    text = _with_one_title(_body(notebook))
    if facts.audience != "unblinded":
        text = _PROSE.sub(lambda block: words_of_cohorts(block.group()), text)
    body = identify_headings(joined_where_empty(without_withheld(text)))
    for kinds in range(len(KINDS) + 1):
        parts = divide(body, facts.report, kinds)
        page = _document(parts.page, facts)
        if len(page.encode()) <= LARGEST_PAGE:
            break
    return Divided(page, _document(parts.beside, replace(facts, is_beside=True)) if parts.beside else "")


def _document(body: str, facts: PageFacts) -> str:
    """Return a body as a document."""
    body, words = with_words(body)
    style = page_style() + print_style(facts) + words
    script = page_script()
    return (
        page_templates()
        .get_template("page.html.j2")
        .render(
            facts=facts,
            body=Markup(body),  # noqa: S704 - made by the exporter, whose template decides what is live
            contents=read_contents(body),
            style=Markup(style),  # noqa: S704 - a file of the package and escaped strings
            script=Markup(script),  # noqa: S704 - a file of the package
            policy=content_policy(style, script),
        )
    )


def prose(source: str) -> str:
    """Return Markdown as HTML; HTML written in the Markdown stays text."""
    renderer = IPythonRenderer(escape=True, allow_harmful_protocols=False, exclude_anchor_links=True)
    return MarkdownWithMath(renderer=renderer).render(source)


def shown(output: Mapping[str, Any]) -> Shown:
    """Return how an output is shown; script, widgets, Markdown and LaTeX never run: their text is shown instead."""
    if output["output_type"] == "stream":
        return Shown("text", _plain(output["text"]))
    if output["output_type"] == "error":
        return Shown("text", _plain("\n".join(output["traceback"])))
    data = output["data"]
    if "text/html" in data:
        return Shown("html", data["text/html"])
    if "image/svg+xml" in data:
        encoded = base64.b64encode(data["image/svg+xml"].encode()).decode("ascii")
        return Shown("image", f"data:image/svg+xml;base64,{encoded}")
    if "image/png" in data:
        return Shown("image", "data:image/png;base64," + "".join(data["image/png"].split()))
    return Shown("text", _plain(data.get("text/plain", "")))


def _body(notebook: nbformat.NotebookNode) -> str:
    exporter = ReportExporter(  # type: ignore[no-untyped-call]
        template_paths=[str(TEMPLATES)], template_file="body.html.j2"
    )
    body, _ = exporter.from_notebook_node(notebook)
    return str(body)


def _with_one_title(body: str) -> str:
    """Return a body without the notebook's own title where the first screen brings the title of the page."""
    return _TITLE.sub("", body, count=1) if 'class="banner opening"' in body else body


def _plain(text: str) -> str:
    return html.escape(_ANSI.sub("", text))
