"""A participant, a term or a site called "None", "nan" or "inf" is one like any other, from the file to the results."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pandas as pd
import pytest
import yaml

from cutbook.catalogue import displays_of
from cutbook.data.staging.staged import Rendering, StagedCut, stage_cut
from cutbook.notebook.leads import LEADS
from cutbook.notebook.report import Report
from cutbook.parameters.project import Project, read_cut, read_study
from cutbook.report.page.scan import scan_page
from reported import Reported, reported
from transfer_files import write_manifest, write_transfer

WORDS = (
    "None",
    "nan",
    "inf",
    "NA",
    "-inf",
    "null",
    "1e5",
    "NaT",
    "<NA>",
    "True",
    "0x10",
    "N/A",
    "1_000",
    "#N/A",
    "Infinity",
)
RENAMED = {
    "dm": ("USUBJID", "SUBJID", "SITEID"),
    "ae": ("USUBJID", "AETERM", "AEDECOD", "AEBODSYS", "AESPID"),
    "ds": ("USUBJID", "DSTERM"),
    "ex": ("USUBJID",),
    "lb": ("USUBJID", "LBORRES", "VISIT"),
    "vs": ("USUBJID", "VISIT"),
    "eg": ("USUBJID", "VISIT"),
    "suppae": ("USUBJID",),
}
SPOILT = {
    "dm": ("SITEID", "RACE", "COUNTRY"),
    "ae": ("AETERM", "AEDECOD", "AEBODSYS"),
    "ds": ("DSTERM",),
    "lb": ("VISIT", "LBTEST", "LBORRES"),
    "vs": ("VISIT", "VSTEST"),
    "pc": ("VISIT",),
}
CUT = {
    "study": "zz1", "cut_id": "T1", "cutoff_date": "2021-06-30", "transfer": "T1", "previous_cut": "", "revision": 1,
    "purpose": "Words", "status": "draft", "audience": "unblinded",
}  # fmt: skip


def renamed(datasets: Mapping[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """Return the datasets with each value of some variables under another name, the same one everywhere."""
    names = {name for columns in RENAMED.values() for name in columns}
    words = {}
    for name in sorted(names):
        values = sorted({value for one in datasets.values() if name in one for value in one[name] if value})
        words[name] = {value: WORDS[place] if place < len(WORDS) else value for place, value in enumerate(values)}
    return {
        key: frame.assign(**{name: frame[name].replace(words[name]) for name in RENAMED[key] if name in frame})
        for key, frame in datasets.items()
    }


def staged(root: Path, datasets: Mapping[str, pd.DataFrame], settings: dict) -> StagedCut:
    transfer, parameters = root / "data" / "T1", root / "parameters" / "zz1"
    transfer.mkdir(parents=True)
    parameters.mkdir(parents=True)
    manifest = write_transfer(transfer, {f"{name}.csv": frame for name, frame in datasets.items()})
    files = yaml.safe_load(manifest.read_text(encoding="utf-8"))["files"]
    write_manifest(transfer, files, study="zz1")
    (parameters / "study.yaml").write_text(yaml.safe_dump(settings), encoding="utf-8")
    (parameters / "T1.yaml").write_text(yaml.safe_dump(CUT), encoding="utf-8")
    home = Project(root)
    study, cut = read_study(home, "zz1"), read_cut(home, "zz1", "T1")
    now = Rendering("2026-01-01T00:00:00Z")
    return stage_cut(home, study, cut, root / "staged", is_unverified_allowed=False, rendering=now)


@pytest.fixture(scope="module")
def cuts(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[StagedCut, StagedCut]:
    """Return the sound case as it is and with its values renamed."""
    files = sorted((shared / "cases" / "base").glob("*.csv"))
    datasets = {file.stem: pd.read_csv(file, dtype="str", keep_default_na=False) for file in files}
    settings = yaml.safe_load((shared / "cases" / "study-of-today.yaml").read_text(encoding="utf-8"))
    folder = tmp_path_factory.mktemp("words")
    named = yaml.safe_load(yaml.safe_dump(settings))
    named["treatment"]["arms"][1]["label"], named["schedules"]["clinic"]["visits"][0]["label"] = "None", "NaT"
    return staged(folder / "base", datasets, settings), staged(folder / "words", renamed(datasets), named)


@pytest.fixture(scope="module")
def shown(cuts: tuple[StagedCut, StagedCut]) -> list[Reported]:
    """Return the safety report of both, every display made into HTML."""
    made = [reported("safety", cut) for cut in cuts]
    assert all(one._repr_html_() for report in made for one in report.shown)
    return made


def test_the_words_are_text_in_every_staged_dataset(cuts: tuple[StagedCut, StagedCut]) -> None:
    base, words = cuts
    assert set(words.datasets["dm"]["USUBJID"]) == set(WORDS[:12])
    assert {"None", "nan"} <= set(words.datasets["ae"]["AEDECOD"])
    for name, frame in base.datasets.items():
        assert words.datasets[name].isna().sum().sum() == frame.isna().sum().sum()


def test_nothing_is_odd_about_them(cuts: tuple[StagedCut, StagedCut]) -> None:
    base, words = cuts
    assert words.issues["FINDING"].tolist() == base.issues["FINDING"].tolist()


def test_every_display_counts_what_it_counted(shown: list[Reported]) -> None:
    base, words = (report.results for report in shown)
    assert len(base) > 300
    for display, own in base.groupby("display"):
        again = words.loc[words["display"].eq(display), "value"]
        assert sorted(again.fillna(-1)) == sorted(own["value"].fillna(-1)), display


def test_no_page_is_refused_and_none_without_the_words_has_a_mark(shown: list[Reported]) -> None:
    for report, has_marks in zip(shown, (False, True), strict=True):
        page = "".join(one._repr_html_() for one in report.shown)
        assert [str(fault) for fault in scan_page(page, "page", "safety") if "no policy" not in str(fault)] == []
        assert ("<bdi>" in page) is has_marks


def test_a_value_that_is_missing_in_such_a_page_is_still_refused(shown: list[Reported]) -> None:
    page = "".join(one._repr_html_() for one in shown[1].shown)
    first = page.index("<td>")
    faults = scan_page(f"{page[:first]}<td>nan</td>{page[first:]}", "page", "safety")
    assert [str(fault) for fault in faults if "'nan' in 'nan'" in str(fault)] != []


@pytest.mark.slow
@pytest.mark.parametrize(
    "word", ["None", "第一週", "सिरदर्द", "صداع", "a\u202eb", "a\tb", "a\x01b", "long " * 60, "Warning: x", "$x"]
)
def test_no_collected_text_loses_a_set_whose_figures_are_drawn(shared: Path, tmp_path: Path, word: str) -> None:
    datasets, settings = with_concentrations(shared)
    for name, columns in SPOILT.items():
        for column in columns:
            values = datasets[name][column]
            datasets[name][column] = values.mask(values.eq(values.iloc[0]), word.strip())
    settings["treatment"]["arms"][1]["label"] = settings["schedules"]["clinic"]["visits"][0]["label"] = word
    cut = staged(tmp_path, datasets, settings)
    for name in ("safety", "pharmacokinetics"):
        report = Report.of(name, cut)
        below = [display for display in displays_of(name) if display.anchor and display not in LEADS.get(name, ())]
        displays = [report.show(display) for display in below]
        made = [report.opening, *displays, report.finish()]
        page = "".join(one._repr_html_() for one in made)
        assert [str(fault) for fault in scan_page(page, "page", name) if "no policy" not in str(fault)] == []
        assert not {"\u202e", "\x01", "\t"} & set(page)


def with_concentrations(shared: Path) -> tuple[dict[str, pd.DataFrame], dict]:
    """Return the datasets of a case that has concentrations, and a study file that shows them."""
    files = sorted((shared / "cases" / "below-limit-in-words").glob("*.csv"))
    datasets = {file.stem: pd.read_csv(file, dtype="str", keep_default_na=False) for file in files}
    settings = yaml.safe_load((shared / "cases" / "study-of-today.yaml").read_text(encoding="utf-8"))
    settings["sources"]["optional"].append("pc")
    matrix = {"specimen": "PLASMA", "testcd": "ZETA", "label": "Plasma", "unit": "ng/mL", "profile_visits": [2]}
    more = {"reports": ["safety", "pharmacokinetics"], "pharmacokinetics": {"matrices": [matrix]}}
    return datasets, settings | more
