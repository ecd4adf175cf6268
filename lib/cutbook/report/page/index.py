"""The index page of a published set: its reports with their headlines, and what every other file of it holds."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import pyarrow.parquet
from markupsafe import Markup
from pyarrow.lib import ArrowInvalid

from cutbook.errors import Fault, RenderError
from cutbook.parameters.study import Study
from cutbook.published.folders import BESIDE, INDEX, INDEX_FILE
from cutbook.published.headline import HEADLINE, HeadlineFile, check_links, read_headline
from cutbook.published.manifest import MANIFEST, Manifest, Output
from cutbook.report.page.facts import PageFacts, Strip
from cutbook.report.page.paper import asset, content_policy, page_style, page_templates, print_style
from cutbook.report.page.reproduction import compare_published
from cutbook.report.page.scan import scan_page

_TABLES = {
    "received": "every file received: dataset, rows, participants, latest date, hash, verdict",
    "issues": "what was found odd in the data and did not stop the run",
    "audit": "the data cut by dataset: its rule, rows before and after, removed, changed",
    "removed": "records that the data cut removed, with the reason",
    "modified": "values that the data cut rolled back: old, new, reason",
    "kept": "records kept although their date does not prove them early enough",
    "past": "what the transfer tells of the time up to the previous cut-off otherwise than the one before",
}
"""What the tables beside the reports hold, in the order of the page."""

_DIGITS_SHOWN = 12
_MEGABYTE = 1_000_000


@dataclass(frozen=True)
class File:
    """One file of a set, as the index lists it: what it holds, its rows where it is a table, its size and hash."""

    name: str
    holds: str
    rows: int | None
    size: str
    digest: str

    @property
    def address(self) -> str:
        """Return the file as the address of a link."""
        return quote(self.name)

    @property
    def contents(self) -> str:
        """Return what the file holds, with its rows where it is a table."""
        if self.rows is None:
            return self.holds
        return f"{self.holds}, {_count(self.rows)} row{'' if self.rows == 1 else 's'}"


@dataclass(frozen=True)
class Report:
    """One report of a set, as the index shows it."""

    name: str
    page: File
    results: File
    others: tuple[File, ...]
    headline: HeadlineFile | None
    is_carried: bool

    @property
    def title(self) -> str:
        """Return the name of the report in words."""
        return self.name.replace("_", " ").capitalize()


def write_index(folder: Path, manifest: Manifest, study: Study) -> Path:
    """Return the index page of a finished set, written into it after passing the checks that reports pass.

    Parameters
    ----------
    folder : Path
        The set.
    manifest : Manifest
        Its manifest, with all files but this one among the outputs. The page holds no other time than the manifest's.
    study : Study
        The study.

    Raises
    ------
    RenderError
        A published number that is due is not shown as published, a headline or a results table is not what it should
        be, or the page did not pass; all faults of a cause.
    """
    made = manifest.files
    names = [name for name in study.reports if f"{name}.html" in made]
    reports = [_report(folder, name, made, manifest.run) for name in names]
    faults = [fault for item in reports if item.headline for fault in check_links(item.headline, folder, item.name)]
    if faults:
        raise RenderError(faults)
    shown = {file.name for item in reports for file in (item.page, item.results, *item.others)}
    page = render_index(
        "index-cut.html.j2",
        facts=set_facts(manifest, study),
        files={*made, MANIFEST},
        study=study,
        manifest=manifest,
        cut=manifest.identity.parameters,
        reports=reports,
        published=compare_published(folder, study, manifest.cut, copies=manifest.copies),
        tables=_beside(folder, {file: item for file, item in made.items() if file not in shown}),
    )
    file = folder / INDEX_FILE
    file.write_text(page, encoding="utf-8")
    return file


def render_index(template: str, *, facts: Strip, files: Collection[str], **values: object) -> str:
    """Return an index page that passed the scan of pages.

    Parameters
    ----------
    template : str
        Name of its template.
    facts : Strip
        What the strip at its top says.
    files : collection of str
        Files that it may link to, by their path from the page; nothing else is an address in it.
    **values : object
        What the template shows.

    Raises
    ------
    RenderError
        The page holds what no reader may see, or a link elsewhere.
    """
    style = page_style() + asset("index.css") + print_style(facts)
    page = (
        page_templates()
        .get_template(template)
        .render(
            facts=facts,
            style=Markup(style),  # noqa: S704 - files of the package and escaped strings
            policy=content_policy(style, ""),
            **values,
        )
    )
    faults = scan_page(page, INDEX_FILE, INDEX, files={quote(name) for name in files})
    if faults:
        raise RenderError(faults)
    return page


def set_facts(manifest: Manifest, study: Study) -> PageFacts:
    """Return what the index page of a set says about itself: nothing but what the manifest says."""
    return PageFacts(
        study=study.id,
        cut=manifest.cut,
        report=INDEX,
        study_title=study.title,
        audience=manifest.audience,
        status=manifest.identity.parameters.status,
        revision=manifest.revision,
        is_synthetic=manifest.is_synthetic,
        is_verified=manifest.is_verified,
        cutoff=manifest.identity.parameters.cutoff_date,
        extracted=manifest.extracted or "not stated",
        rendered=manifest.rendered,
    )


def _report(folder: Path, name: str, made: Mapping[str, Output], run: str) -> Report:
    others = {
        f"{name}{BESIDE}": "tables that the page of the report has no room for",
        f"{name}.ipynb": "the executed notebook: the complete record",
        f"{name}.records.parquet": "all records behind the counts",
        f"{name}{HEADLINE}": "the headline",
    }
    page, told = made[f"{name}.html"], made.get(f"{name}{HEADLINE}")
    return Report(
        name=name,
        page=_file(folder, page, "the report"),
        results=_file(folder, made[f"{name}.results.parquet"], "its statistics at full precision"),
        others=tuple(_file(folder, made[file], what) for file, what in others.items() if file in made),
        headline=read_headline(folder / told.file, told.sha256) if told else None,
        is_carried=page.run != run,
    )


def _beside(folder: Path, made: Mapping[str, Output]) -> list[File]:
    """Return the files of the set that belong to no report: those with a description in its order, then the others."""
    described = {f"{name}.parquet": what for name, what in _TABLES.items()}
    others = dict.fromkeys(sorted(made.keys() - described.keys()), "not described here")
    return [_file(folder, made[file], what) for file, what in (described | others).items() if file in made]


def _file(folder: Path, item: Output, holds: str) -> File:
    rows = _rows(folder / item.file) if item.file.endswith(".parquet") else None
    return File(item.file, holds, rows, _size(item.bytes), item.sha256[:_DIGITS_SHOWN])


def _rows(table: Path) -> int:
    try:
        return int(pyarrow.parquet.read_metadata(table).num_rows)
    except ArrowInvalid:
        raise RenderError(Fault(table.name, "another format", "Parquet", "let the last cell write it")) from None


def _count(number: int) -> str:
    return f"{number:,}".replace(",", "\N{NARROW NO-BREAK SPACE}")


def _size(count: int) -> str:
    is_small = count < _MEGABYTE
    return f"{count / 1000:.0f}\N{NO-BREAK SPACE}kB" if is_small else f"{count / _MEGABYTE:.1f}\N{NO-BREAK SPACE}MB"
