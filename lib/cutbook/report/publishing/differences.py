"""What differs between a set and the same set made again: what it was made from, and its files."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from cutbook.published.manifest import Manifest
from cutbook.results.compare import compare_results
from cutbook.results.table import KEY_COLUMNS

_RESULTS = ".results.parquet"
_SHOWN = 12


@dataclass(frozen=True)
class Difference:
    """What is not as it was: of what, and how it was then and is now."""

    what: str
    then: str
    now: str

    def __str__(self) -> str:
        """Return it in a line."""
        return f"{self.what}: {self.then} then, {self.now} now"


def moved_between(before: Manifest, now: Manifest) -> Iterator[Difference]:
    """Yield what a set was made from and is not made from now."""
    yield from _changes("input", before.identity.inputs, now.identity.inputs)
    if before.previous and now.previous:
        yield from _changes("input of the previous cut", before.previous.inputs, now.previous.inputs)
    studies = {"study file": before.identity.study_sha256}, {"study file": now.identity.study_sha256}
    yield from _changes("", *studies)
    yield from _changes("notebook", before.code.notebooks, now.code.notebooks)
    yield from _changes("version of", before.code.versions, now.code.versions)
    yield from _changes("", {"commit": _commit(before)}, {"commit": _commit(now)})


def _commit(manifest: Manifest) -> str:
    code = manifest.code
    return f"{code.commit or 'none'}"[:_SHOWN] + (" with changes" if code.is_dirty else "")


def _changes(what: str, before: Mapping[str, str], now: Mapping[str, str]) -> Iterator[Difference]:
    for name in sorted({*before, *now}):
        if before.get(name) != now.get(name):
            yield Difference(f"{what} {name}".strip(), _short(before.get(name)), _short(now.get(name)))


def _short(value: str | None) -> str:
    return "none" if not value else value if len(value) < 4 * _SHOWN else f"{value[:_SHOWN]}…"


def differences_of(files: Iterable[str], before: Path, now: Path) -> Iterator[Difference]:
    """Yield the files of two sets that are not the same bytes, each with the first thing in it that differs.

    Parameters
    ----------
    files : iterable of str
        Names of the files.
    before, now : Path
        Folders of both sets.
    """
    for file in files:
        then, made = before / file, now / file
        if not then.is_file() or not made.is_file():
            yield Difference(
                file, "there" if then.is_file() else "not there", "there" if made.is_file() else "not made"
            )
        elif then.read_bytes() != made.read_bytes():
            yield (
                _results_difference(file, then, made) if file.endswith(_RESULTS) else _line_difference(file, then, made)
            )


def _results_difference(file: str, then: Path, now: Path) -> Difference:
    """Return the first statistic that differs, as it stands in both tables."""
    both = compare_results(pd.read_parquet(now), pd.read_parquet(then))
    is_other = both["change"].ne("unchanged") | both["text"].ne(both["previous_text"])
    if not is_other.any():
        return Difference(file, "the same statistics", "other bytes: other keys, words or order")
    first = both[is_other].iloc[0]
    keys = " · ".join(str(first[key]) for key in KEY_COLUMNS if pd.notna(first[key]) and str(first[key]))
    return Difference(f"{file}, {keys}", _value(first, "previous"), _value(first, ""))


def _value(row: pd.Series, side: str) -> str:
    text = row["previous_text"] if side else row["text"]
    value = row["previous"] if side else row["value"]
    return str(text) or ("not there" if pd.isna(value) else repr(float(value)))


def _line_difference(file: str, then: Path, now: Path) -> Difference:
    """Return the first line that differs."""
    lines = (path.read_bytes().splitlines() for path in (then, now))
    for number, (one, other) in enumerate(zip(*lines, strict=False), start=1):
        if one != other:
            return Difference(f"{file} line {number}", _around(one, other), _around(other, one))
    return Difference(file, f"{then.stat().st_size} bytes", f"{now.stat().st_size} bytes")


def _around(line: bytes, other: bytes) -> str:
    """Return some of a line from shortly before the place where it differs from another."""
    at = next((place for place, (a, b) in enumerate(zip(line, other, strict=False)) if a != b), 0)
    return repr(line[max(at - _SHOWN, 0) : at + 2 * _SHOWN].decode("utf-8", "replace"))
