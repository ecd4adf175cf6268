"""The leak gate: a finished blinded set is looked through, decoded, for what tells the treatment.

It is the second line only: what a set is made of is masked before. What may not be there it knows from the study file
alone, for the allocation is not open to it.
"""

from __future__ import annotations

import base64
import hashlib
import html
import re
import unicodedata
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote

import pandas as pd

from cutbook.errors import BlindingError, Fault
from cutbook.parameters.study import Study

_ENCODED = re.compile(r"[A-Za-z0-9+/_-]{16,}={0,2}")
_HEX = re.compile(r"\b(?:[0-9a-fA-F]{2}){8,}\b")
_TAG = re.compile(r"<[^<>]*>")
_UNSEEN = re.compile(r"[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_PNG, _GZIP = b"\x89PNG\r\n\x1a\n", b"\x1f\x8b"
_DEEPEST = 3
_LARGEST = 50_000_000
_BORN = ("brthdtc", "dob", "date of birth", "born on")
_NUMBERS = ("RANDNO", "RANDNUM", "RANDID", "KITNO", "KITNUM", "KITID")
_OF_RECORDS = ("SEQ", "TESTCD", "ORRES", "STRESC", "STRESN", "LLOQ")


@dataclass(frozen=True)
class Leak:
    """What a finished file holds that it may not: the file, the kind, and the words themselves."""

    file: str
    kind: str
    words: str

    @property
    def reference(self) -> str:
        """Return what blinded readers are told of it: the same whenever the same is found, and nothing more."""
        return hashlib.sha256(f"{self.file}\0{self.kind}\0{self.words}".encode()).hexdigest()[:12]


def refuse_leaks(folder: Path, study: Study, role: str = "") -> None:
    """Return when no file of a blinded set holds what tells the treatment, or names a person.

    Parameters
    ----------
    folder : Path
        The finished set.
    study : Study
        The study file as it is written: its arms, and what is restricted.
    role : str
        Somebody in a role for unblinded data is told what was found; everybody else a reference.

    Raises
    ------
    BlindingError
        Something was found, or a file cannot be looked through.
    """
    leaks = sorted(set(leaks_in(folder, study)), key=lambda leak: (leak.file, leak.kind, leak.words))
    if not leaks:
        return
    may_know = study.blinding is not None and role in study.blinding.roles
    remedy = "nothing is published; tell those who keep the allocation the reference"
    raise BlindingError(
        [
            Fault(
                leak.file if may_know else "blinded set",
                f"{leak.kind}, {leak.words!r}" if may_know else f"what it may not hold, reference {leak.reference}",
                "nothing that tells the treatment, or names a person",
                remedy,
            )
            for leak in leaks
        ]
    )


def leaks_in(folder: Path, study: Study) -> Iterator[Leak]:
    """Yield what the files of a blinded set hold that they may not."""
    gate = _Gate(study)
    for file in sorted(path for path in folder.rglob("*") if path.is_file()):
        name = file.relative_to(folder).as_posix()
        yield from (Leak("a file name", kind, words) for kind, words in gate.found(name))
        try:
            for kind, words in gate.of_frame(file) if file.suffix == ".parquet" else gate.of_content(file.read_bytes()):
                yield Leak(name, kind, words)
        except Exception as error:
            yield Leak(name, "a file that cannot be looked through", type(error).__name__)


class _Gate:
    """What may not stand in a blinded set of a study."""

    def __init__(self, study: Study) -> None:
        blinding, rules = study.blinding, study.sources.restricted
        if blinding is None or rules is None:
            raise ValueError("a study without a blind has nothing to look for")
        shown = [*(cohort.label for cohort in blinding.cohorts), study.title]
        self._open = sorted({_plain(text).casefold() for text in shown}, key=len, reverse=True)
        whole = sorted(rules.whole)
        records = [f"{name.upper()}{part}" for name in whole for part in _OF_RECORDS]
        keys = [f"{name}/" for name in whole]
        apart = f"{rules.folder}/"
        self._terms = (
            _Term("the code of an arm", *_any_of([arm.code for arm in study.treatment.arms])),
            _Term("a number of the randomisation", *_any_of(_NUMBERS)),
            _Term("a restricted record", *_any_of(records)),
            _Term("a restricted record", keys, re.compile(rf"(?<![\w/])(?:{'|'.join(whole) or '$.'})/[^\s\"'<>]*\d")),
            _Term("the restricted part", [apart], re.compile(rf"(?<!\w){re.escape(apart)}\w")),
            _Term("an address", ["@"], re.compile(r"[\w.+-]+@[\w-]+\.[A-Za-z]{2,}")),
        )
        self._folded_terms = (
            _Term("the name of an arm", *_any_of([arm.label.casefold() for arm in study.treatment.arms])),
            _Term("a birth date", _BORN, re.compile(rf"\b(?:{'|'.join(_BORN)})\b\W{{0,3}}\d")),
            _Term("a record number", ["mrn", "m.r.n"], re.compile(r"\bm\.?r\.?n\b\W{0,3}\d{3}")),
        )
        self._columns = {variable for name, own in rules.variables.items() if name != "dm" for variable in own}

    def of_frame(self, file: Path) -> Iterator[tuple[str, str]]:
        """Yield what a table holds, column names too."""
        frame = pd.read_parquet(file)
        yield from (("a restricted variable", name) for name in sorted(self._columns & set(map(str, frame.columns))))
        yield from self.found("\n".join(map(str, frame.columns)))
        for name in frame.columns:
            yield from self.found("\n".join(sorted(_texts_of(frame[name]))))

    def of_content(self, content: bytes, depth: int = 0) -> Iterator[tuple[str, str]]:
        """Yield what a file holds, as it stands, decoded, and within what is encoded in it."""
        if len(content) > _LARGEST:
            raise ValueError("too large to look through")
        if content.startswith(_PNG):
            yield from self.found("\n".join(_texts_of_png(content)))
            return
        if content.startswith(_GZIP):
            content = zlib.decompress(content, wbits=31)
        text = content.decode("utf-8", errors="ignore")
        yield from self.found(text)
        if depth < _DEEPEST:
            for inner in _decoded(text):
                yield from self.of_content(inner, depth + 1)

    def found(self, text: str) -> Iterator[tuple[str, str]]:
        """Yield kind and words of everything in a text that may not stand in it."""
        for said in {_plain(text), _plain(_TAG.sub("", text))}:
            for term in self._terms:
                yield from term.found(said)
            folded = said.casefold()
            for phrase in self._open:
                folded = folded.replace(phrase, " ")
            for term in self._folded_terms:
                yield from term.found(folded)


@dataclass(frozen=True)
class _Term:
    """A kind of words: texts of which one is there wherever it is, which are looked for first, and its pattern."""

    kind: str
    needles: Sequence[str]
    pattern: re.Pattern[str]

    def found(self, text: str) -> Iterator[tuple[str, str]]:
        if any(needle in text for needle in self.needles):
            yield from ((self.kind, match.group()) for match in self.pattern.finditer(text))


def _any_of(words: Sequence[str]) -> tuple[list[str], re.Pattern[str]]:
    """Return words, and the pattern of any of them that stands by itself."""
    ordered = sorted({_plain(word) for word in words}, key=len, reverse=True)
    return ordered, re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, ordered)) or '$.'})(?!\w)")


def _plain(text: str) -> str:
    """Return a text as a reader would say it: entities and percent signs decoded, unseen characters gone."""
    decoded = html.unescape(unquote(text))
    if "\\u" in decoded:
        decoded = re.sub(r"\\u([0-9a-fA-F]{4})", lambda match: chr(int(match[1], 16)), decoded)
    return " ".join(_UNSEEN.sub("", unicodedata.normalize("NFKC", decoded)).split())


def _decoded(text: str) -> Iterator[bytes]:
    """Yield what stands in base 64 or hexadecimal digits within a text, where it decodes to an image or to words."""
    for match in _ENCODED.finditer(text):
        digits = match.group().rstrip("=").translate(str.maketrans("-_", "+/"))
        whole = digits[:-1] if len(digits) % 4 == 1 else digits
        inner = base64.b64decode(whole + "=" * (-len(whole) % 4))
        if inner.startswith((_PNG, _GZIP)) or _is_words(inner):
            yield inner
    for match in _HEX.finditer(text):
        if _is_words(inner := bytes.fromhex(match.group())):
            yield inner


def _is_words(content: bytes) -> bool:
    """Return whether bytes are text: all of it prints."""
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return all(sign.isprintable() or sign.isspace() for sign in text)


def _texts_of_png(content: bytes) -> Iterator[str]:
    """Yield the texts that a picture carries beside what it shows."""
    at = len(_PNG)
    while at + 8 <= len(content):
        size, kind = int.from_bytes(content[at : at + 4]), content[at + 4 : at + 8]
        data = content[at + 8 : at + 8 + size]
        if kind in {b"tEXt", b"iTXt", b"eXIf"}:
            yield data.decode("utf-8", errors="ignore").replace("\0", " ")
        if kind == b"zTXt":
            yield zlib.decompress(data.partition(b"\0")[2][1:]).decode("utf-8", errors="ignore")
        if kind == b"iTXt" and b"\0\1" in data:
            packed = data.split(b"\0", 4)[-1]
            yield zlib.decompress(packed).decode("utf-8", errors="ignore")
        at += size + 12


def _texts_of(column: pd.Series) -> set[str]:
    """Return the texts of a column, those in lists too."""
    if pd.api.types.is_numeric_dtype(column) or pd.api.types.is_datetime64_any_dtype(column):
        return set()
    if column.dtype != "object":
        return {str(value) for value in column.dropna().unique()}
    values = column.explode().dropna()
    return {str(value) for value in values.unique()}
