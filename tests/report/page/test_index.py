from __future__ import annotations

import errno
import io
import json
import os
import re
import stat
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pyarrow.parquet
import pytest

from cutbook.errors import RenderError
from cutbook.parameters.project import Project, read_cut, read_study
from cutbook.parameters.study import Reproduction
from cutbook.published.folders import Place
from cutbook.published.hashes import sha256_file
from cutbook.published.ledger import append_row
from cutbook.published.manifest import Manifest, identity_of, outputs_of, read_manifest, write_manifest
from cutbook.published.rows import RunRow
from cutbook.report.page.index import write_index
from cutbook.report.page.scan import scan_page
from cutbook.report.page.study_index import study_page, write_study_index
from cutbook.report.publishing.assembly import AUDIT_TABLES
from cutbook.report.publishing.publish import FURTHER_FILES, carry_reports, publish_set
from published.manifests import a_manifest
from report.fake_project import REPORTS, cutbook, errors_of, ledger_rows, make_project, write_cut

HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(1)>\"' & 5 < 6"
RUN = "20240701T080000Z-0000aaaa"


class Page(HTMLParser):
    """Links of a page with their text, every tag, and the text that is read."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: list[tuple[str, str]] = []
        self.tags: list[str] = []
        self._open: list[str] = []
        self._read: list[str] = []
        self.feed(text)
        self.close()

    @property
    def text(self) -> str:
        return " ".join("".join(self._read).split())

    def address(self, text: str) -> str:
        (address,) = {address for address, shown in self.links if shown == text}
        return address

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self._open.append(tag)
        if tag == "a":
            self.links.append((dict(attrs)["href"] or "", ""))

    def handle_endtag(self, tag: str) -> None:
        self._open = self._open[: -self._open[::-1].index(tag) - 1]
        if tag != "a":
            self._read.append(" ")

    def handle_data(self, data: str) -> None:
        if "style" not in self._open:
            self._read.append(data)
        if "a" in self._open:
            address, text = self.links[-1]
            self.links[-1] = (address, text + data)


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return make_project(tmp_path / "project")


def table(rows: int) -> bytes:
    file = io.BytesIO()
    pyarrow.parquet.write_table(pyarrow.table({"value": [0.5] * rows}), file)
    return file.getvalue()


def headline(*sentences: tuple[str, str, str]) -> str:
    told = [{"text": text, "link": link, "change": change} for text, link, change in sentences]
    return json.dumps({"format": "cutbook-headline-1", "sentences": told, "signals": [], "completeness": ["later"]})


def fill(folder: Path, headlines: dict[str, str], reports: tuple[str, ...] = REPORTS) -> None:
    """Write a set into a folder: a page with the place ``D4-1``, a notebook, a table and a headline a report."""
    folder.mkdir(parents=True)
    for report in reports:
        (folder / f"{report}.html").write_text('<p id="D4-1">12 of 12</p>', encoding="utf-8")
        (folder / f"{report}.ipynb").write_text("{}", encoding="utf-8")
        (folder / f"{report}.results.parquet").write_bytes(table(3))
    for report, text in headlines.items():
        (folder / f"{report}.headline.json").write_text(text, encoding="utf-8")
    for number, name in enumerate(AUDIT_TABLES):
        (folder / f"{name}.parquet").write_bytes(table(number))


def manifest(folder: Path, cut: str = "C1", **values: Any) -> Manifest:
    parameters = {
        "cutoff_date": values.pop("cutoff", "2024-06-30"),
        "status": values.pop("status", "draft"),
        "previous_cut": values.pop("previous", ""),
    }
    told = {
        "run": RUN,
        "cut": cut,
        "purpose": "Dose review",
        "started": "2024-07-01T08:00:00Z",
        "rendered": "2024-07-01T08:00:00Z",
        "finished": "2024-07-01T08:01:00Z",
        "extracted": "2024-07-01",
        "identity": {"parameters": parameters, "study_sha256": "aa"},
        "outputs": outputs_of(folder, RUN),
    }
    return a_manifest(**(told | values))


def index_of(project: Project, folder: Path, **values: Any) -> Page:
    file = write_index(folder, manifest(folder, **values), read_study(project, "demo"))
    return Page(file.read_text(encoding="utf-8"))


def publish(project: Project, cut: str, headlines: dict[str, str], **values: Any) -> Place:
    """Publish a set of one cut with its index page."""
    place = Place(project.outputs, "demo", cut, values.pop("audience", "unblinded"))
    folder = project.outputs / ".work" / cut / place.audience
    fill(folder, headlines)
    told = manifest(folder, cut, audience=place.audience, **values)
    write_index(folder, told, read_study(project, "demo"))
    write_manifest(folder, told)
    publish_set(place, folder, place.set_name(told.revision, told.run), is_complete=True)
    return place


def study_index(project: Project, place: Place) -> Page:
    return Page(study_page(project, read_study(project, "demo"), place))


def test_an_index_links_every_sentence_to_its_place_in_the_report_and_says_what_changed(
    project: Project, tmp_path: Path
) -> None:
    told = headline(("12 of 12 were treated.", "D4-1", "+2 since cut C0"), ("No deaths.", "", ""))
    fill(tmp_path / "set", {"safety": told})
    page = index_of(project, tmp_path / "set")
    assert page.address("12 of 12 were treated.") == "safety.html#D4-1"
    assert page.address("No deaths.") == "safety.html"
    assert "12 of 12 were treated. +2 since cut C0 No deaths." in page.text


def test_an_index_says_why_copies_of_the_trial_are_not_compared(project: Project, tmp_path: Path) -> None:
    fill(tmp_path / "set", {"safety": headline()})
    study = read_study(project, "demo")
    number = {"label": "Deaths", "value": "3", "source": "S1", "at": {"display": "D9"}}
    due = Reproduction.model_validate({"cuts": ["C1"], "numbers": [number]})
    told = manifest(tmp_path / "set", copies=10)
    file = write_index(tmp_path / "set", told, study.model_copy(update={"reproduction": due}))
    text = Page(file.read_text(encoding="utf-8")).text
    assert "The data are 10 copies of the trial: published results are compared with the trial itself only." in text


def test_an_index_says_study_cut_dates_class_status_and_purpose(project: Project, tmp_path: Path) -> None:
    fill(tmp_path / "set", {})
    page = index_of(project, tmp_path / "set", status="final", previous="C0", revision=3)
    for words in (
        "Demonstration",
        "Data cut C1, revision 3",
        "Cut-off 2024-06-30",
        "Data extracted 2024-07-01",
        "Rendered (UTC) 2024-07-01T08:00:00Z",
        "Previous cut C0",
        "Class UNBLINDED",
        "Status final",
        "Purpose Dose review",
        "Synthetic data: no real participant is in these reports.",
    ):
        assert words in page.text, words


def test_an_index_lists_every_file_of_the_set_with_its_size_rows_and_hash(project: Project, tmp_path: Path) -> None:
    folder = tmp_path / "set"
    fill(folder, {"safety": headline(("No deaths.", "D4-1", ""))})
    (folder / "safety.records.parquet").write_bytes(table(1234))
    (folder / "new.json").write_text("{}", encoding="utf-8")
    page = index_of(project, folder)
    linked = {unquote(address.partition("#")[0]) for address, _ in page.links if address != "#report"}
    assert linked == ({file.name for file in folder.iterdir()} | {"manifest.json"}) - {"index.html"}
    results = sha256_file(folder / "safety.results.parquet")[:12]
    size = (folder / "safety.results.parquet").stat().st_size
    assert f"its statistics at full precision, 3 rows, one a statistic {size / 1000:.0f} kB, SHA-256 {results}" in (
        page.text.replace("\N{NO-BREAK SPACE}", " ")
    )
    assert "all records behind the counts, 1 234 rows" in page.text.replace("\N{NARROW NO-BREAK SPACE}", " ")
    assert "what was found odd in the data and did not stop the run, 1 row " in page.text
    assert "new.json: not described here 0 kB" in page.text.replace("\N{NO-BREAK SPACE}", " ")
    assert 'pandas.read_parquet("safety.results.parquet")' in page.text


def test_hostile_text_of_a_headline_stays_text(project: Project, tmp_path: Path) -> None:
    fill(tmp_path / "set", {"safety": headline((HOSTILE, "D4-1", HOSTILE))})
    page = index_of(project, tmp_path / "set", purpose=HOSTILE)
    assert page.text.count(HOSTILE) == 3
    assert {"script", "img"}.isdisjoint(page.tags)
    assert page.address(HOSTILE) == "safety.html#D4-1"


def test_every_table_beside_the_reports_is_described(project: Project, tmp_path: Path) -> None:
    fill(tmp_path / "set", {})
    assert "not described here" not in index_of(project, tmp_path / "set").text


def test_a_report_without_a_headline_says_so(project: Project, tmp_path: Path) -> None:
    fill(tmp_path / "set", {"safety": headline(), "efficacy": headline(("Any.", "D4-1", ""))})
    page = index_of(project, tmp_path / "set")
    assert page.text.count("This report has no headline.") == 2


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("{", "safety.headline.json"),
        ('{"format": "cutbook-headline-2"}', "safety.headline.json.format"),
        (headline(("", "D4-1", "")), "safety.headline.json.sentences.0.text"),
        (headline(("Any.", "javascript:alert(1)", "")), "safety.headline.json.sentences.0.link"),
        (headline(("Any.", '"><b>', "")), "safety.headline.json.sentences.0.link"),
        (headline(("Any.", "D4-2", "")), "a link to 'D4-2'; expected an id in safety.html"),
        (headline(("A mean of nan.", "D4-1", "")), "'nan' in 'A mean of nan.'"),
    ],
)
def test_a_headline_that_is_none_is_not_published(project: Project, tmp_path: Path, text: str, found: str) -> None:
    fill(tmp_path / "set", {"safety": text})
    with pytest.raises(RenderError, match=re.escape(found)):
        index_of(project, tmp_path / "set")
    assert not (tmp_path / "set" / "index.html").exists()


def test_a_results_table_that_is_no_parquet_is_not_published(project: Project, tmp_path: Path) -> None:
    fill(tmp_path / "set", {})
    (tmp_path / "set" / "safety.results.parquet").write_bytes(b"results")
    with pytest.raises(RenderError, match=r"safety.results.parquet: found another format"):
        index_of(project, tmp_path / "set")


def test_words_of_a_cut_that_look_like_a_missing_value_are_shown(project: Project, tmp_path: Path) -> None:
    fill(tmp_path / "set", {})
    page = index_of(project, tmp_path / "set", purpose="None", previous="nan")
    assert "Previous cut nan Class UNBLINDED Status draft Purpose None" in page.text


def test_an_index_of_an_incomplete_unverified_set_says_both(project: Project, tmp_path: Path) -> None:
    fill(tmp_path / "set", {}, reports=("safety",))
    page = index_of(project, tmp_path / "set", is_complete=False, is_verified=False)
    assert "Not the current set: it lacks a report of the study." in page.text
    assert "Row counts unverified: the transfer came without a manifest." in page.text
    assert "Efficacy" not in page.text


def test_a_report_taken_over_keeps_its_headline_links_and_files(project: Project, tmp_path: Path) -> None:
    place = publish(project, "C1", {"safety": headline(("No deaths.", "D4-1", ""))})
    fill(tmp_path / "set", {}, reports=("efficacy", "pharmacokinetics"))
    runs = carry_reports(place, 1, ["safety"], tmp_path / "set", study_sha256="aa")
    assert sorted(runs) == ["safety.headline.json", "safety.html", "safety.ipynb", "safety.results.parquet"]
    outputs = outputs_of(tmp_path / "set", "another", runs)
    page = index_of(project, tmp_path / "set", run="another", outputs=outputs)
    assert page.address("No deaths.") == "safety.html#D4-1"
    assert page.text.count("taken over from an earlier run of this revision") == 1


def test_the_index_of_the_same_set_has_the_same_bytes(project: Project, tmp_path: Path) -> None:
    texts = []
    for name in ("one", "two"):
        fill(tmp_path / name, {"safety": headline(("No deaths.", "D4-1", ""))})
        index_of(project, tmp_path / name)
        texts.append((tmp_path / name / "index.html").read_bytes())
    assert texts[0] == texts[1]
    assert RUN.encode() not in texts[0]
    assert str(tmp_path).encode() not in texts[0]


def test_a_study_lists_its_cuts_the_newest_first_with_the_first_sentences(project: Project) -> None:
    write_cut(project.root, "A2", previous="C1")
    write_cut(project.root, "B3")
    later = headline(*((f"Sentence {number}.", "D4-1", "+1") for number in range(1, 9)))
    publish(project, "A2", {"safety": later}, cutoff="2024-09-30", status="final", previous="C1")
    place = publish(project, "C1", {"efficacy": headline(("No change.", "D4-1", ""))}, cutoff="2024-03-31")
    page = study_index(project, place)
    order = [page.text.index(words) for words in ("A2 2024-09-30", "B3 2024-06-30 not published yet", "C1 2024-03-31")]
    assert order == sorted(order)
    assert "Cuts published 2 of 3" in page.text
    assert "A2 2024-09-30 – 2024-07-01 2024-07-01T08:00:00Z C1 final 1 1 Index of A2" in page.text
    assert page.address("Index of A2") == "A2/unblinded/index.html"
    assert page.address("Sentence 6.") == "A2/unblinded/safety.html#D4-1"
    assert page.address("No change.") == "C1/unblinded/efficacy.html#D4-1"
    assert "Sentence 7." not in page.text


def test_a_study_says_that_the_study_file_of_a_draft_changed_since(project: Project) -> None:
    place = publish(project, "C1", {})
    study, told = read_study(project, "demo"), read_manifest(place.current)
    assert told is not None
    identity = identity_of(study, read_cut(project, "demo", "C1"), inputs=[])
    write_manifest(place.current, told.model_copy(update={"identity": identity}))
    assert "draft 1 1 Index of C1" in study_index(project, place).text
    changed = study.model_copy(update={"title": "Another title"})
    assert "draft; the study file changed since 1 1 Index of C1" in Page(study_page(project, changed, place)).text


def test_every_link_of_a_study_leads_to_a_file(project: Project) -> None:
    write_cut(project.root, "at_12:30")
    told = {report: headline(("Any.", "D4-1", "")) for report in REPORTS}
    place = publish(project, "at_12:30", told)
    page = study_index(project, place)
    files = {unquote(address.partition("#")[0]) for address, _ in page.links} - {""}
    assert files == {f"at_12:30/unblinded/{name}.html" for name in (*REPORTS, "index")}
    assert all((project.outputs / "demo" / file).is_file() for file in files)
    assert page.address("Index of at_12:30") == "at_12%3A30/unblinded/index.html"


def test_a_study_index_tells_of_what_waits(project: Project) -> None:
    place = publish(project, "C1", {})
    write_cut(project.root, "C1", revision=2)
    (project.parameters / "demo" / "C9.yaml").write_text("broken: [", encoding="utf-8")
    page = study_index(project, place)
    assert "draft; revision 2 not published yet" in page.text
    assert "C9 not known its parameter file cannot be read" in page.text


def test_the_file_of_recipients_is_no_cut_and_a_row_about_a_mail_is_no_failed_run(project: Project) -> None:
    (project.parameters / "demo" / "recipients.yaml").write_text("people: []", encoding="utf-8")
    place = publish(project, "C1", {})
    mail = {"study": "demo", "cut": "C1", "event": "accepted", "started": "2999-01-01T00:00:00Z"}
    with (project.outputs / "ledger.jsonl").open("a", encoding="utf-8") as ledger:
        ledger.write(json.dumps(mail) + "\n")
    page = study_index(project, place)
    assert "Cuts published 1 of 1" in page.text
    assert "No run failed after the set of its cut was published" in page.text


def test_a_study_index_counts_the_sets_kept(project: Project) -> None:
    publish(project, "C1", {})
    place = publish(project, "C1", {}, revision=2, run="20240702T080000Z-0000bbbb")
    assert "C1 2024-06-30 – 2024-07-01 2024-07-01T08:00:00Z none draft; revision 1 not published yet 2 2" in (
        study_index(project, place).text
    )


def test_a_study_index_tells_of_runs_that_failed_after_the_current_set_of_their_cut(project: Project) -> None:
    place = publish(project, "C1", {})
    rows = [
        ("2024-07-01T07:00:00Z", "C1", 5, "unblinded", "demo"),
        ("2024-07-02T07:00:00Z", "C1", 3, "unblinded", "demo"),
        ("2024-07-02T08:00:00Z", "C1", 0, "unblinded", "demo"),
        ("2024-06-01T07:00:00Z", "C2", 137, "unblinded", "demo"),
        ("2024-07-03T07:00:00Z", "C1", 5, "blinded", "demo"),
        ("2024-07-04T07:00:00Z", "C1", 5, "unblinded", "other"),
    ]
    for started, cut, code, audience, study in rows:
        row = RunRow(run=started, study=study, cut=cut, audience=audience, started=started, exit=code)
        append_row(project.outputs, row)
    text = study_index(project, place).text
    failures = text[text.index("Runs that failed since") :]
    assert re.findall(r"\S+: cut [^)]+\)", failures) == [
        "2024-07-02T07:00:00Z: cut C1, data refused (exit code 3)",
        "2024-06-01T07:00:00Z: cut C2, killed (exit code 137)",
    ]


def test_a_study_index_says_nothing_of_another_class(project: Project) -> None:
    open_place = publish(project, "C1", {"safety": headline(("Open.", "D4-1", ""))})
    masked = publish(project, "M1", {"safety": headline(("Masked.", "D4-1", ""))}, audience="blinded")
    (project.parameters / "demo" / "M2.yaml").write_text(
        (project.parameters / "demo" / "C1.yaml").read_text(encoding="utf-8").replace("C1", "M2")
        + "audience: blinded\n",
        encoding="utf-8",
    )
    unblinded, blinded = study_index(project, open_place).text, study_index(project, masked).text
    assert ["Open." in unblinded, "Masked." in unblinded, "M1" in unblinded, "M2" in unblinded] == [True] + [False] * 3
    assert ["Open." in blinded, "Masked." in blinded, "C1" in blinded, "M2" in blinded] == [False, True, False, True]


def test_the_index_of_each_class_is_a_file_of_its_own_for_its_owner_only(project: Project) -> None:
    study = read_study(project, "demo")
    places = [publish(project, "C1", {}), publish(project, "M1", {}, audience="blinded")]
    files = [write_study_index(project, study, place) for place in places]
    assert [file.relative_to(project.outputs).as_posix() for file in files] == [
        "demo/index-unblinded.html",
        "demo/index-blinded.html",
    ]
    assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}


def test_one_damaged_headline_does_not_hide_the_other_cuts(project: Project) -> None:
    publish(project, "C1", {"safety": headline(("First.", "D4-1", ""))})
    place = publish(project, "C2", {"safety": headline(("Second.", "D4-1", ""))})
    (place.current / "safety.headline.json").write_text("{", encoding="utf-8")
    text = study_index(project, place).text
    assert ["First." in text, "Second." in text] == [True, False]


def test_a_headline_that_the_manifest_does_not_vouch_for_is_not_shown(project: Project) -> None:
    place = publish(project, "C1", {"safety": headline(("First.", "D4-1", ""))})
    (place.current / "safety.headline.json").write_text(headline(("Other.", "D4-1", "")), encoding="utf-8")
    (place.current / "efficacy.headline.json").write_text(headline(("Added.", "D4-1", "")), encoding="utf-8")
    text = study_index(project, place).text
    assert ["First." in text, "Other." in text, "Added." in text] == [False, False, False]


@pytest.mark.parametrize("function", ["os.fsync", "pathlib.Path.replace", "os.open"])
def test_a_study_index_that_cannot_be_written_leaves_the_earlier_one(
    project: Project, function: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    study = read_study(project, "demo")
    file = write_study_index(project, study, publish(project, "C1", {}))
    earlier = file.read_bytes()
    place = publish(project, "C2", {})

    def fail(*_arguments: object, **_settings: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patched:
        patched.setattr(function, fail)
        with pytest.raises(OSError, match="No space left"):
            write_study_index(project, study, place)
    assert file.read_bytes() == earlier
    assert sorted(path.name for path in file.parent.iterdir()) == ["C1", "C2", "index-unblinded.html"]


def test_a_run_writes_both_pages_and_says_where_they_are(tmp_path: Path) -> None:
    project = make_project(tmp_path / "small", ("safety",))
    done = cutbook(project, "run", "demo", "C1")
    assert done.returncode == 0, done.stderr
    assert errors_of(done) == []
    pages = ["outputs/demo/C1/unblinded/index.html", "outputs/demo/index-unblinded.html"]
    assert done.stdout.splitlines()[-2:] == pages
    folder = project.outputs / "demo" / "C1" / "unblinded"
    listed = {item["file"]: item["sha256"] for item in json.loads((folder / "manifest.json").read_text())["outputs"]}
    assert listed["index.html"] == sha256_file(folder / "index.html")
    assert [
        Page((project.root / page).read_text(encoding="utf-8")).address("12 of 12 participants were treated.")
        for page in pages
    ] == ["safety.html#end-of-report", "C1/unblinded/safety.html#end-of-report"]


def test_a_study_index_that_cannot_be_written_is_told_and_does_not_fail_the_run(tmp_path: Path) -> None:
    project = make_project(tmp_path / "small", ("safety",))
    (project.outputs / "demo" / "index-unblinded.html" / "mine").mkdir(parents=True)
    done = cutbook(project, "run", "demo", "C1")
    assert done.returncode == 0
    (line,) = errors_of(done)
    assert line.startswith("warning: the set is published, but the index page of demo is not new: IsADirectoryError")
    assert [row["exit"] for row in ledger_rows(project.outputs)] == [0]
    assert (project.outputs / "demo" / "C1" / "unblinded" / "index.html").is_file()


def test_what_a_report_need_not_have_is_headline_records_and_a_file_beside_its_page() -> None:
    assert FURTHER_FILES == (".headline.json", ".records.parquet", ".tables.html")


@pytest.mark.parametrize(
    ("element", "count"),
    [
        ('<a href="safety.html#D4-1">x</a>', 0),
        ('<a href="other.html">x</a>', 1),
        ('<a href="../safety.html">x</a>', 1),
        ('<a href="https://example.org/safety.html">x</a>', 1),
        ('<img alt="x" src="safety.html">', 1),
    ],
)
def test_a_page_may_link_to_the_named_files_and_to_nothing_else(element: str, count: int) -> None:
    page = f'<header class="banner"></header>{element}<footer id="end-of-report" data-report="index"></footer>'
    faults = scan_page(page, "index.html", "index", files={"safety.html"})
    assert sum("an address in the page" in fault.expected for fault in faults) == count
