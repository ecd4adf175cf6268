"""The digest of a published set: one screen of text that says what the reports say, for one reader."""

from __future__ import annotations

import quopri
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from jinja2 import Environment, PackageLoader, StrictUndefined

from cutbook.published.folders import INDEX_FILE
from cutbook.published.headline import HeadlineFile, HeadlineSentence
from cutbook.published.sets import PublishedSet, ReportFile

LARGEST_BODY_BYTES = 90_000
"""Above this, mail programs cut a message off."""

ENDING = "Sent by Cutbook to you alone; do not forward. To stop these mails, write to the unsubscribe address."

_LONGEST_LINE = 400
_MOST_SENTENCES = 8
_FEWEST_SENTENCES = 3
_LINES = (12, 6, 3, 1)
_KILO = 1000


@dataclass(frozen=True)
class Picture:
    """A figure of the mail: its content id, what it shows, and its PNG."""

    id: str
    title: str
    png: bytes


@dataclass(frozen=True)
class Digest:
    """What one reader is told of a set. Without results it says where the reports are, and their hashes."""

    title: str
    published: PublishedSet
    reports: tuple[ReportFile, ...]
    has_results: bool
    base_link: str
    ledger_head: str
    earlier: PublishedSet | None = None
    pictures: tuple[Picture, ...] = ()
    attached: tuple[str, ...] = ()
    note: str = ""
    most_lines: int = _LINES[0]

    def fitted(self) -> Digest:
        """Return the digest with as many lines as stay below the size at which mail programs cut a message off."""
        shortened = (replace(self, most_lines=most) for most in _LINES)
        fitting = (digest for digest in shortened if digest.body_bytes <= LARGEST_BODY_BYTES)
        return next(fitting, replace(self, most_lines=_LINES[-1]))

    @property
    def body_bytes(self) -> int:
        """Return the size of plain text and HTML as they go over the wire."""
        return sum(len(quopri.encodestring(words.encode())) for words in (self.text(), self.html()))

    @property
    def subject(self) -> str:
        """Return the subject: study, cut, class and state, and how many signals there are."""
        about = self.published.manifest
        parts = [about.study, f"cut {about.cut} r{about.revision}", self.audience_and_status]
        parts += ["SYNTHETIC DATA"] if about.is_synthetic else []
        parts += [f"replaces r{self.earlier.manifest.revision}"] if self.earlier else []
        count = len(self.signals)
        tail = f": {count} signal{'s' if count != 1 else ''}" if count else ""
        return f"[Cutbook] {' · '.join(parts)}{tail}"

    @property
    def audience_and_status(self) -> str:
        """Return class and state, ``UNBLINDED final``."""
        about = self.published.manifest
        return f"{about.audience.upper()} {about.identity.parameters.status}"

    @cached_property
    def signals(self) -> tuple[str, ...]:
        """Return what somebody should look at today, each once."""
        return tuple(dict.fromkeys(_line(signal.text) for told in self._headlines for signal in told.signals))

    @property
    def signal_lines(self) -> tuple[str, ...]:
        """Return the signals as the class allows them to be told."""
        if self.has_results or not self.signals:
            return _cut_off(self.signals, self.most_lines)
        return (f"{len(self.signals)} in the reports; open them to read.",)

    @property
    def previous(self) -> str:
        """Return the cut that the reports are compared with, or an empty text."""
        return next((_line(told.previous) for told in self._headlines if told.is_compared), "")

    @property
    def sections(self) -> list[tuple[ReportFile, Sequence[HeadlineSentence]]]:
        """Return the headline sentences by report."""
        most = min(max(_MOST_SENTENCES // len(self.reports), _FEWEST_SENTENCES), self.most_lines)
        told = [(item, item.headline.sentences if item.headline else ()) for item in self.reports]
        return [(item, _first(sentences, most)) for item, sentences in told if sentences and self.has_results]

    @property
    def completeness(self) -> tuple[str, ...]:
        """Return what was received and found, each line once."""
        lines = dict.fromkeys(_line(line) for told in self._headlines for line in told.completeness)
        return _cut_off(tuple(lines), self.most_lines) if self.has_results else ()

    @property
    def facts(self) -> list[tuple[str, str]]:
        """Return cut-off, dates, revision and hashes, by name."""
        about = self.published.manifest
        facts = [("Cut-off", about.identity.parameters.cutoff_date), ("Data extracted", about.extracted)]
        facts += [("Purpose", about.identity.parameters.purpose), ("Rendered", about.rendered or about.finished)]
        facts += [] if about.is_verified else [("Note", "row counts unverified")]
        facts += [("Revision", f"r{about.revision}, manifest SHA-256 {self.published.sha256}")]
        if self.earlier:
            was = self.earlier
            facts += [("Replaces", f"r{was.manifest.revision}, manifest SHA-256 {was.sha256}")]
        facts += [("Ledger", f"row hash {self.ledger_head}")]
        return [(name, value) for name, value in facts if value]

    def where(self, report: ReportFile) -> str:
        """Return where a report is: its address when the output root is served, else its path there."""
        return self._place(report.page.name)

    @property
    def index(self) -> str:
        """Return where the index of the set is, or an empty text when it has none."""
        return self._place(INDEX_FILE) if (self.published.folder / INDEX_FILE).is_file() else ""

    def size(self, report: ReportFile) -> str:
        """Return the size of a report in words."""
        return f"{report.size / _KILO**2:.1f} MB" if report.size >= _KILO**2 else f"{report.size / _KILO:.0f} kB"

    def text(self) -> str:
        """Return the plain text of the mail."""
        return "\n".join(_text_lines(self)) + "\n"

    def html(self) -> str:
        """Return the HTML of the mail."""
        return environment().get_template("digest.html.j2").render(digest=self, ending=ENDING)

    @property
    def _headlines(self) -> list[HeadlineFile]:
        return [item.headline for item in self.reports if item.headline]

    def _place(self, file: str) -> str:
        about = self.published.manifest
        place = f"{about.study}/{about.cut}/revisions/{self.published.folder.name}/{file}"
        return f"{self.base_link}/{place}" if self.base_link else f"outputs/{place}"


def environment() -> Environment:
    """Return the templates of mails; everything that is put into them is escaped."""
    loader = PackageLoader("cutbook.deliver.message")
    return Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)


def _cut_off(lines: tuple[str, ...], most: int) -> tuple[str, ...]:
    more = len(lines) - most
    return lines if more <= 0 else (*lines[:most], f"… and {more} more in the reports.")


def _line(text: str) -> str:
    """Return a text with plain spaces, cut to a length that a mail can hold."""
    line = " ".join(text.split())
    return line if len(line) <= _LONGEST_LINE else line[: _LONGEST_LINE - 1] + "…"


def _first(sentences: Sequence[HeadlineSentence], most: int) -> list[HeadlineSentence]:
    more = len(sentences) - most
    first = [
        item.model_copy(update={"text": _line(item.text), "change": _line(item.change)}) for item in sentences[:most]
    ]
    return [*first, HeadlineSentence(text=f"… and {more} more in the report.")] if more > 0 else first


def _text_lines(digest: Digest) -> Iterator[str]:
    about = digest.published.manifest
    if about.is_synthetic:
        yield from ("SYNTHETIC DATA: no person in this study exists.", "")
    yield f"{digest.title}"
    yield f"Cut {about.cut} r{about.revision}, {digest.audience_and_status}"
    yield from ["", digest.note] if digest.note else []
    if digest.signal_lines:
        yield from ("", "SIGNALS", *(f"! {line}" for line in digest.signal_lines))
    yield from _result_lines(digest)
    yield from ("", "REPORTS")
    for report in digest.reports:
        attached = ", attached" if report.name in digest.attached else ""
        yield f"- {report.name} ({digest.size(report)}{attached})"
        yield from (f"  {digest.where(report)}", f"  SHA-256 {report.sha256}")
    yield from [f"- index: {digest.index}"] if digest.index else []
    yield ""
    yield from (f"{name}: {value}" for name, value in digest.facts)
    yield from ("", ENDING)


def _result_lines(digest: Digest) -> Iterator[str]:
    for report, sentences in digest.sections:
        compared = f" (change since cut {digest.previous})" if digest.previous else ""
        yield from ("", f"{report.name.upper()}{compared}")
        for sentence in sentences:
            yield f"- {sentence.text}" + (f" [{sentence.change}]" if sentence.change else "")
    if digest.completeness:
        yield from ("", "DATA", *(f"- {line}" for line in digest.completeness))
