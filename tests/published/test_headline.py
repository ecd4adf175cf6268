from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from cutbook.errors import DeliveryError, RenderError
from cutbook.published.hashes import sha256_file
from cutbook.published.headline import (
    FORMAT,
    HeadlineFile,
    HeadlineSentence,
    HeadlineSignal,
    read_headline,
    read_mailed_headline,
    write_headline,
)

TEXT = """{
 "format": "cutbook-headline-1",
 "study": "demo",
 "cut": "C2",
 "previous": "C1",
 "report": "safety",
 "is_compared": true,
 "sentences": [
  {
   "text": "5 of 38\u00a0(13.2\u00a0%) – any.",
   "link": "D4-1",
   "change": "+2 since cut C1"
  }
 ],
 "signals": [
  {
   "kind": "death",
   "text": "1 death."
  }
 ],
 "completeness": [
  "2 files received."
 ]
}
"""
"""The file as notebooks have written it from the first version on."""


def put(folder: Path, **changes: Any) -> Path:
    file = folder / "safety.headline.json"
    file.write_text(json.dumps(json.loads(TEXT) | changes), encoding="utf-8")
    return file


def test_a_headline_is_written_as_ever_and_read_back(tmp_path: Path) -> None:
    file = tmp_path / "safety.headline.json"
    headline = HeadlineFile(
        format=FORMAT,
        study="demo",
        cut="C2",
        previous="C1",
        report="safety",
        is_compared=True,
        sentences=(HeadlineSentence(text="5 of 38\u00a0(13.2\u00a0%) – any.", link="D4-1", change="+2 since cut C1"),),
        signals=(HeadlineSignal(kind="death", text="1 death."),),
        completeness=("2 files received.",),
    )
    write_headline(file, headline)
    assert file.read_text(encoding="utf-8") == TEXT
    assert read_headline(file) == read_mailed_headline(file, sha256_file(file)) == headline


def test_control_characters_reach_neither_page_nor_mail(tmp_path: Path) -> None:
    hostile = "\x1b[2Jone\r\nBcc: x\u2028\u202etwo\u00a0three\x00"
    sentence = {"text": hostile, "link": "", "change": hostile}
    signal = {"kind": hostile, "text": hostile}
    file = put(tmp_path, sentences=[sentence], signals=[signal], completeness=[hostile], previous=hostile)
    clean = "[2Jone  Bcc: x  two\u00a0three"
    for headline in (read_headline(file), read_mailed_headline(file, sha256_file(file))):
        told = (headline.sentences[0].text, headline.sentences[0].change, headline.signals[0].kind)
        assert (*told, headline.signals[0].text, headline.completeness[0], headline.previous) == (clean,) * 6


@pytest.mark.parametrize("link", ['"><b>', "javascript:alert(1)", "a b", "-a", "ä", "a\n", "x" * 201])
def test_a_link_that_is_no_id_is_a_fault_of_a_page_and_no_link_in_a_mail(tmp_path: Path, link: str) -> None:
    file = put(tmp_path, sentences=[{"text": "Any.", "link": link}])
    with pytest.raises(RenderError, match=r"safety.headline.json.sentences.0.link: found value_error"):
        read_headline(file)
    assert read_mailed_headline(file, sha256_file(file)).sentences[0].link == ""


def test_a_notebook_cannot_write_a_link_that_is_no_id() -> None:
    with pytest.raises(ValidationError, match="an id of letters"):
        HeadlineSentence(text="Any.", link='"><b>')


@pytest.mark.parametrize(
    ("changes", "place"),
    [
        ({"format": "cutbook-headline-2"}, "format"),
        ({"sentences": [{"text": ""}]}, "sentences.0.text"),
        ({"sentences": [{"text": "\x00\x1b"}]}, "sentences.0.text"),
        ({"sentences": [{"text": 5}]}, "sentences.0.text"),
        ({"sentences": [{"text": "x" * 2001}]}, "sentences.0.text"),
        ({"sentences": [{"text": "x", "change": "x" * 501}]}, "sentences.0.change"),
        ({"signals": [{"kind": "death"}]}, "signals.0.text"),
        ({"completeness": "all"}, "completeness"),
        ({"is_compared": "yes"}, "is_compared"),
    ],
)
def test_what_is_no_headline_is_a_fault_of_page_and_mail(tmp_path: Path, changes: dict[str, Any], place: str) -> None:
    file = put(tmp_path, **changes)
    with pytest.raises(RenderError) as of_page:
        read_headline(file)
    with pytest.raises(DeliveryError) as of_mail:
        read_mailed_headline(file, sha256_file(file))
    assert [[fault.variable for fault in error.value.faults] for error in (of_page, of_mail)] == [[place], [place]]


def test_all_faults_of_a_headline_are_told_at_once(tmp_path: Path) -> None:
    with pytest.raises(RenderError) as raised:
        read_headline(put(tmp_path, sentences=[{"text": ""}, {"text": "x", "link": "<"}], completeness=5))
    assert len(raised.value.faults) == 3


def test_a_file_that_the_manifest_does_not_vouch_for_is_refused(tmp_path: Path) -> None:
    file = put(tmp_path)
    digest = sha256_file(file)
    put(tmp_path, previous="C0")
    with pytest.raises(RenderError, match="another SHA-256"):
        read_headline(file, digest)
    with pytest.raises(DeliveryError, match="another SHA-256"):
        read_mailed_headline(file, digest)
    file.unlink()
    with pytest.raises(DeliveryError, match="another SHA-256"):
        read_mailed_headline(file, digest)


def test_keys_of_a_later_version_are_passed_over(tmp_path: Path) -> None:
    assert read_headline(put(tmp_path, colour="blue")).cut == "C2"
