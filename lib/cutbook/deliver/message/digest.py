"""The digest of a published set: one phone screen that says what is new in the reports, for one reader."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from jinja2 import Environment, PackageLoader, StrictUndefined

from cutbook.deliver.message.strip import Strip, strip_lines, strip_of
from cutbook.published.folders import INDEX_FILE
from cutbook.published.headline import HeadlineFile, HeadlineSentence
from cutbook.published.sets import PublishedSet, ReportFile
from cutbook.words import capital, day_in_words

ENDING = "Sent to you alone; do not forward. To stop these mails, write to the unsubscribe address."

MOST_NEWS, MOST_ALSO = 2, 3
"""Sentences in the box of what is new, or one of every report that has any, and below it."""

_SUBJECT_BEGINS = 40
"""Signs of a subject that a phone shows."""

_LONGEST_LINE = 400
_KILO = 1000


@dataclass(frozen=True)
class Picture:
    """A figure of the mail: its content id, what it shows, and its PNG."""

    id: str
    title: str
    png: bytes


@dataclass(frozen=True)
class Told:
    """A sentence of a mail: what stands out, the rest, and the address of its numbers, empty where there is none."""

    lead: str
    text: str
    link: str = ""

    @property
    def words(self) -> str:
        """Return the sentence with its lead."""
        return " ".join(filter(None, (self.lead, self.text)))


@dataclass(frozen=True)
class Digest:
    """What one reader is told of a set. Without results it says where the reports are."""

    title: str
    published: PublishedSet
    reports: tuple[ReportFile, ...]
    has_results: bool
    base_link: str
    earlier: PublishedSet | None = None
    pictures: tuple[Picture, ...] = ()
    attached: tuple[str, ...] = ()
    note: str = ""

    @property
    def subject(self) -> str:
        """Return the subject: study and cut, the news in few words, the class."""
        about = self.published.manifest
        parts = [f"{self.name}: {self._brief}", about.audience.upper()]
        parts += ["synthetic"] if about.is_synthetic else []
        parts += [f"replaces r{self.earlier.manifest.revision}"] if self.earlier else []
        return " · ".join(parts)

    @property
    def name(self) -> str:
        """Return study and cut in words, with the revision where it is not the first."""
        about = self.published.manifest
        return f"{capital(about.study)} {about.cut}" + (f" r{about.revision}" if about.revision > 1 else "")

    @property
    def marks(self) -> str:
        """Return class and state of the reports, and that their data are invented, ``UNBLINDED · DRAFT``."""
        about = self.published.manifest
        marks = [about.audience, about.identity.parameters.status, "synthetic" if about.is_synthetic else ""]
        return " · ".join(mark.upper() for mark in marks if mark)

    @property
    def cut_in_words(self) -> str:
        """Return the cut and its cut-off."""
        about = self.published.manifest
        return f"{about.cut}, cut-off {day_in_words(about.identity.parameters.cutoff_date)}"

    @property
    def preview(self) -> str:
        """Return what a list of mails shows after the subject: the first signal, else the finding."""
        return next((one.words for one in (*self.news, *self.also)), self.finding)

    @property
    def finding(self) -> str:
        """Return the title of the mail: what is new since the previous cut, else the title of the first report."""
        if not self.has_results:
            return f"{self.name}: the reports are there"
        own = [one for one in self._new if one.finding]
        counted = [one.finding for one in own if one.kind in {"death", "serious"}]
        others = [one.finding for one in own if one.kind not in {"death", "serious"}][:1]
        since = [f"{_listed(counted)} since {self.previous}"] if counted else []
        told = capital("; ".join([*since, *others]))
        return told or next((_line(item.title) for item in self._headlines if item.title), f"{self.name}: {self.title}")

    @property
    def line(self) -> str:
        """Return who, how many, how far, of the first report."""
        return next((_line(item.line) for item in self._headlines if item.line), "") if self.has_results else ""

    @cached_property
    def signals(self) -> tuple[str, ...]:
        """Return what somebody should look at today, each once."""
        return tuple(dict.fromkeys(_line(signal.text) for told in self._headlines for signal in told.signals))

    @property
    def news(self) -> list[Told]:
        """Return what is new, the first of every report before others; signals that no sentence tells come first."""
        if not self.has_results:
            count = len(self.signals)
            told = f"{count} signal{'s' if count != 1 else ''} in the reports; open them to read."
            return [Told("", told)] if count else []
        kinds = {one.kind for one in self._new}
        untold = [item.text for told in self._headlines for item in told.signals if item.kind not in kinds]
        signals = [Told("", text) for text in dict.fromkeys(_line(text) for text in untold)]
        own = sum(any(one.is_new for one in told.sentences) for told in self._headlines)
        return _cut_off([*signals[:MOST_NEWS], *self._chosen(is_new=True), *signals[MOST_NEWS:]], max(MOST_NEWS, own))

    @property
    def news_heading(self) -> str:
        """Return the heading of what is new; failing that, that nothing is, or nothing where nobody compared."""
        if self.news or not self.previous:
            return ""
        return f"Nothing new since {self.previous} changes a conclusion."

    @property
    def also(self) -> list[Told]:
        """Return what else the reports say, the first of every report before others."""
        return self._chosen(is_new=False)[:MOST_ALSO] if self.has_results else []

    @property
    def strip(self) -> Strip | None:
        """Return the dots of the first report that has them."""
        dots = next((item.dots for item in self._headlines if item.dots), None)
        return strip_of(dots) if dots and self.has_results else None

    @property
    def previous(self) -> str:
        """Return the cut that the reports are compared with, in results or in records, or an empty text."""
        compared = (one for one in self._headlines if one.is_compared or any(it.is_new for it in one.sentences))
        return next((_line(told.previous) for told in compared), "")

    @property
    def foot(self) -> list[str]:
        """Return what is attached, how complete the data are and what the set replaces, a sentence each."""
        about = self.published.manifest
        attached = [f"{_files(item)}, {self.size(item)}" for item in self.reports if item.name in self.attached]
        told = [f"Attached: {'; '.join(attached)}."] if attached else []
        lines = dict.fromkeys(_line(line) for item in self._headlines for line in item.completeness)
        told += list(lines)[:1] if self.has_results else []
        told += [] if about.is_verified else ["Row counts unverified."]
        told += [f"Purpose: {about.identity.parameters.purpose}."] if about.identity.parameters.purpose else []
        told += [f"Replaces revision {self.earlier.manifest.revision}."] if self.earlier else []
        return [*told, "Hashes: in the manifest."]

    @property
    def whereabouts(self) -> str:
        """Return where the reports are, for a reader to whom the output root is not served."""
        about = self.published.manifest
        names = _listed([item.name for item in self.reports])
        return f"Published: {names}; study {about.study}, cut {about.cut}, revision {about.revision}."

    def where(self, report: ReportFile) -> str:
        """Return the address of a report, empty where the output root is not served."""
        return self._place(report.page.name)

    @property
    def index(self) -> str:
        """Return the address of the index of the set, or an empty text when it has none."""
        return self._place(INDEX_FILE) if (self.published.folder / INDEX_FILE).is_file() else ""

    def size(self, report: ReportFile) -> str:
        """Return the size of a report with what lies beside it, in words."""
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

    @property
    def _new(self) -> list[HeadlineSentence]:
        return [one for told in self._headlines for one in told.sentences if one.is_new]

    @property
    def _brief(self) -> str:
        """Return the news in as few words as the beginning of a subject holds; the first is never left out."""
        count = len(self.signals)
        briefs = list(dict.fromkeys(one.brief for one in self._new if one.brief)) if self.has_results else []
        if not briefs:
            quiet = f"nothing new since {self.previous}" if self.previous and self.has_results else "reports"
            return f"{count} signal{'s' if count != 1 else ''}" if count else quiet
        told = briefs[0]
        for brief in briefs[1:]:
            longer = f"{told}, {brief}"
            told = longer if len(f"{self.name}: {longer}") <= _SUBJECT_BEGINS else told
        return told

    def _chosen(self, *, is_new: bool) -> list[Told]:
        """Return sentences, the first of every report before others."""
        own = [
            [self._told(item, one) for one in item.headline.sentences if one.is_new is is_new]
            for item in self.reports
            if item.headline
        ]
        return [one for some in own for one in some[:1]] + [one for some in own for one in some[1:]]

    def _told(self, report: ReportFile, sentence: HeadlineSentence) -> Told:
        change = f" ({sentence.change})" if sentence.change else ""
        link = f"{self.where(report)}#{sentence.link}" if sentence.link and self.base_link else ""
        return Told(_line(sentence.lead), _line(sentence.text + change), link)

    def _place(self, file: str) -> str:
        about = self.published.manifest
        place = f"{about.study}/{about.cut}/revisions/{self.published.folder.name}/{file}"
        return f"{self.base_link}/{place}" if self.base_link else ""


def environment() -> Environment:
    """Return the templates of mails; everything that is put into them is escaped."""
    loader = PackageLoader("cutbook.deliver.message")
    return Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)


def _cut_off(told: list[Told], most: int) -> list[Told]:
    more = len(told) - most
    return told if more <= 0 else [*told[:most], Told("", f"… and {more} more in the reports.")]


def _files(report: ReportFile) -> str:
    return f"{report.page.name} with {report.beside.file.name}" if report.beside else report.page.name


def _listed(words: Sequence[str]) -> str:
    return " and ".join(filter(None, [", ".join(words[:-1]), *words[-1:]]))


def _line(text: str) -> str:
    """Return a text with plain spaces, cut to a length that a mail can hold."""
    line = " ".join(text.split())
    return line if len(line) <= _LONGEST_LINE else line[: _LONGEST_LINE - 1] + "…"


def _text_lines(digest: Digest) -> Iterator[str]:
    yield from (digest.marks, f"{digest.title}: {digest.cut_in_words}", "", digest.finding)
    yield from [digest.line] if digest.line else []
    yield from ["", digest.note] if digest.note else []
    yield from ["", *(f"! {one.words}" for one in digest.news)] if digest.news else []
    yield from ["", digest.news_heading] if digest.news_heading else []
    yield from ["", *strip_lines(digest.strip)] if digest.strip else []
    yield from ["", "ALSO" if digest.news else "KEY FINDINGS", *_items(digest.also)] if digest.also else []
    yield ""
    if digest.base_link:
        yield from (f"{capital(item.name)}: {digest.where(item)}" for item in digest.reports)
        yield from [f"All of the set: {digest.index}"] if digest.index else []
    else:
        yield digest.whereabouts
    yield from ("", *digest.foot, ENDING)


def _items(told: Iterable[Told]) -> Iterator[str]:
    return (f"- {one.words}" for one in told)
