from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import pytest

from command_line import call
from cutbook.cli.shell import questions
from cutbook.drafting.decision import Draft
from cutbook.parameters.project import Project, read_study
from cutbook.starter.making import make_project
from drafting.lean_study import changed, draft_of, lean_datasets, write_all, yaml_of
from report.fake_project import tree
from transfer_files import write_dataset


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """Return a project as `cutbook new` writes it, with a lean transfer in it."""
    root = tmp_path / "project"
    make_project(root)
    write_all(root / "incoming" / "T1", lean_datasets())
    return root


def init(capsys: pytest.CaptureFixture[str], home: Path, *arguments: str) -> tuple[int, str, list[str]]:
    """Return what the command did for the transfer T1."""
    return call(capsys, "init", str(home / "incoming" / "T1"), "--project", str(home), *arguments)


def check(capsys: pytest.CaptureFixture[str], home: Path, study: str = "S1") -> tuple[int, str, list[str]]:
    return call(capsys, "check", study, "T1", "--project", str(home))


def test_a_draft_names_its_questions_and_check_refuses_them(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, errors = init(capsys, home)
    assert (code, errors) == (0, [])
    written = [line.rpartition("/")[2] for line in out.splitlines() if line.startswith("written:")]
    assert written == ["study.yaml", "T1.yaml", "init.md", "manifest.json"]
    assert "  treatment.dose_unit: In which unit are the doses?" in out.splitlines()
    code, _, errors = check(capsys, home)
    assert code == 2
    assert len(errors) == 10
    assert all("found the open question" in line and line.startswith("2 parameters/S1/") for line in errors)


def test_with_every_guess_taken_check_accepts_it(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = init(capsys, home, "--accept", "--study", "mine")
    assert code == 0
    assert "8 guesses taken, marked GUESS in" in out
    assert read_study(Project(home), "mine").guesses == 8
    code, out, errors = check(capsys, home, "mine")
    assert (code, errors) == (0, [])
    assert out.startswith("mine T1: 3 datasets, 49 rows after the cut")


def test_answers_take_the_place_of_guesses_flat_or_in_sections(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    answers = home / "answers.yaml"
    answers.write_text(
        "is_synthetic: true\n"
        "treatment:\n  dose_unit: µg\n  allocation: randomised\n"
        "pharmacokinetics.matrices.DRUG7_PLASMA.unit: pg/mL\n"
        "pharmacokinetics.below_limit: [0, BLQ]\n"
        "data_cut.screened: null\n"
        "data_cut.screen_failed: null\n"
        "cut.cutoff_date: 2024-01-31\n",
        encoding="utf-8",
    )
    assert init(capsys, home, "--accept", "--answers", str(answers))[2] == []
    study = read_study(Project(home), "S1")
    assert study.pharmacokinetics is not None
    assert (study.is_synthetic, study.treatment.dose_unit, study.treatment.allocation) == (True, "µg", "randomised")
    assert [one.unit for one in study.pharmacokinetics.matrices] == ["pg/mL"]
    assert study.pharmacokinetics.below_limit == ["0", "BLQ"]
    assert study.guesses == 3
    assert (study.data_cut.screened, study.data_cut.screen_failed) == (None, None)
    assert json.loads((home / "incoming/T1/manifest.json").read_text(encoding="utf-8"))["is_synthetic"] is True
    cut = yaml_of((home / "parameters/S1/T1.yaml").read_text(encoding="utf-8"))
    assert cut["cutoff_date"] == "2024-01-31"
    assert check(capsys, home)[0] == 0


def test_an_answer_that_fits_nothing_is_refused_and_nothing_is_left(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (home / "answers.yaml").write_text("treatment.compuond: X\n", encoding="utf-8")
    before = tree(home)
    code, _, errors = init(capsys, home, "--answers", str(home / "answers.yaml"))
    assert code == 2
    assert errors == [
        (
            "2 answers: found the key 'treatment.compuond'; expected the key of a decision, for example "
            "treatment.compound; init.md lists the keys"
        )
    ]
    assert tree(home) == before


def test_an_answer_that_no_study_file_can_hold_is_refused(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (home / "answers.yaml").write_text("treatment.allocation: by chance\n", encoding="utf-8")
    code, _, errors = init(capsys, home, "--accept", "--answers", str(home / "answers.yaml"))
    assert code == 2
    assert "treatment.allocation" in errors[0]
    assert not (home / "parameters/S1").exists()


def test_run_again_it_tells_what_a_later_transfer_has_otherwise_and_writes_nothing(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    init(capsys, home, "--accept")
    arms = ["C1"] * 4 + ["C2"] * 3 + ["C10", "SCRNFAIL"]
    write_all(home / "incoming" / "T2", changed("dm", ARMCD=arms, ACTARMCD=arms))
    before = tree(home)
    code, out, errors = call(capsys, "init", str(home / "incoming/T2"), "--project", str(home))
    assert (code, errors) == (0, [])
    assert out.splitlines()[1:] == [
        "  new arm C10: 1 participants; 'Cohort 2'",
        "  8 concentrations are 0, and no limit of quantification was delivered.",
    ]
    assert tree(home) == before


def test_the_same_transfer_again_has_no_drift(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_all(home / "incoming" / "T1", changed("pc", PCLLOQ=[0.5] * 32))
    init(capsys, home, "--accept")
    assert init(capsys, home)[1].splitlines()[1:] == ["  nothing is new"]


def test_a_manifest_that_is_there_is_obeyed_and_kept(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    init(capsys, home, "--accept", "--study", "mine")
    manifest = home / "incoming/T1/manifest.json"
    before = manifest.read_bytes()
    shutil.rmtree(home / "parameters/mine")
    code, out, _ = init(capsys, home, "--accept")
    assert code == 0
    assert manifest.read_bytes() == before
    assert read_study(Project(home), "mine").id == "mine"
    assert "is_synthetic" not in out
    assert init(capsys, home, "--study", "other")[0] == 2


def test_a_transfer_that_may_not_be_written_to_keeps_its_manifest_beside_the_study(
    home: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    usual = os.access
    is_shut = lambda path, mode: mode == os.W_OK and Path(path).name == "T1"  # noqa: E731 - what root may not be told
    monkeypatch.setattr(os, "access", lambda path, mode: not is_shut(path, mode) and usual(path, mode))
    before = tree(home / "incoming")
    assert init(capsys, home, "--accept")[2] == []
    assert tree(home / "incoming") == before
    assert read_study(Project(home), "S1").sources.manifest == "study:manifest.json"
    assert check(capsys, home)[0] == 0


def test_nothing_that_is_there_is_overwritten(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    own = home / "parameters/S1/T1.yaml"
    own.parent.mkdir()
    own.write_text("mine", encoding="utf-8")
    code, _, errors = init(capsys, home, "--accept")
    assert code == 2
    assert "File exists" in errors[0]
    assert {file.name: file.read_text(encoding="utf-8") for file in own.parent.iterdir()} == {"T1.yaml": "mine"}
    assert not (home / "incoming/T1/manifest.json").exists()


def test_a_file_that_is_no_utf8_is_read_as_cp1252_and_that_is_said(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = home / "incoming/T1/ex.csv"
    file.write_bytes(file.read_bytes().replace(b"DRUG7", "Müller7".encode("cp1252")))
    assert init(capsys, home, "--accept")[0] == 0
    study = read_study(Project(home), "S1")
    assert study.sources.encodings == {"ex": "cp1252"}
    assert study.treatment.compound == "Müller7"
    assert check(capsys, home)[0] == 0


def test_of_two_files_of_one_dataset_one_counts_and_init_md_says_which(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_dataset(home / "incoming/T1/more/ex.xpt", lean_datasets()["ex"])
    assert init(capsys, home, "--accept")[0] == 0
    told = (home / "parameters/S1/init.md").read_text(encoding="utf-8")
    assert '- ex: several files, "more/ex.xpt" and "ex.csv"; the first counts' in told.splitlines()
    assert check(capsys, home)[0] == 0


def test_a_restricted_part_is_told_by_what_lies_there_alone(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    whole = lean_datasets()
    arms = ["ARMCD", "ARM", "ACTARMCD", "ACTARM"]
    open_part = {"dm": whole["dm"].drop(columns=arms), "ex": whole["ex"].drop(columns=["EXTRT", "EXDOSE"])}
    secret = {
        "dm": whole["dm"][["STUDYID", "DOMAIN", "USUBJID", *arms]],
        "ex": whole["ex"].assign(EXSEQ=1.0)[["STUDYID", "DOMAIN", "USUBJID", "EXSEQ", "EXTRT", "EXDOSE"]],
        "pc": whole["pc"].assign(PCSEQ=[1.0, 2.0, 3.0, 4.0] * 8),
    }
    open_part["ex"] = open_part["ex"].assign(EXSEQ=1.0)
    folder = home / "incoming" / "T3"
    write_all(folder, open_part)
    write_all(folder / "restricted", secret)
    file = folder / "restricted" / "ex.csv"
    file.write_bytes(file.read_bytes().replace(b"DRUG7", "Müller7".encode("cp1252")))
    code, out, errors = call(capsys, "init", str(folder), "--project", str(home), "--accept")
    assert (code, errors) == (0, [])
    assert out.count("manifest.json") == 2
    restricted = read_study(Project(home), "S1").sources.restricted
    assert restricted is not None
    assert restricted.variables == {"dm": ["ARMCD", "ARM", "ACTARMCD", "ACTARM"], "ex": ["EXTRT", "EXDOSE"]}
    assert restricted.records == {"pc": {}}
    assert read_study(Project(home), "S1").treatment.compound == "Müller7"
    code, out, errors = call(capsys, "check", "S1", "T3", "--project", str(home))
    assert (code, errors) == (0, [])
    assert out.startswith("S1 T3: 3 datasets, 49 rows after the cut")


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [("dm.csv", b"\xff\xfe\x00garbage\x00", "dm:"), ("manifest.json", b"{", "manifest.json:")],
)
def test_a_transfer_that_cannot_be_read_is_refused(
    home: Path, capsys: pytest.CaptureFixture[str], name: str, content: bytes, said: str
) -> None:
    (home / "incoming/T1" / name).write_bytes(content)
    code, _, errors = init(capsys, home)
    assert code == 3
    assert errors[0].startswith(f"3 {said}")
    assert not (home / "parameters/S1").exists()


def test_a_transfer_without_arms_is_refused(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_all(home / "incoming" / "T1", changed("dm", ARMCD=None, ACTARMCD=None, ARM=None))
    code, _, errors = init(capsys, home)
    assert code == 3
    assert errors[0].startswith("3 dm: found nobody in an arm")


def test_every_decision_stands_in_the_page_of_decisions(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    init(capsys, home)
    page = (home / "parameters/S1/init.md").read_text(encoding="utf-8")
    assert "10 questions open" in page
    answers = page.partition("```yaml")[2].partition("```")[0]
    assert yaml_of(answers)["treatment.dose_unit"] == "mg"
    assert (
        "| `treatment.compound` | DRUG7 | the EXTRT that is no placebo, measured in PC or most frequent "
        "| records of EX: DRUG7 8 | sure |"
    ) in page.splitlines()


def test_at_a_terminal_each_question_is_asked_with_its_evidence(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    said = iter(["A title", "true", "µg", "-", *[""] * 9])
    shown: list[str] = []

    def answer(*_: object, default: str, **__: object) -> str:
        shown.append(default)
        return next(said) or default

    monkeypatch.setattr(questions.Prompt, "ask", answer)
    draft: Draft = draft_of(lean_datasets())
    found = questions.ask_person(draft)
    assert (found["title"], found["is_synthetic"], found["treatment.dose_unit"]) == ("A title", True, "µg")
    assert "treatment.allocation" not in found
    assert len(found) == len(draft.open) - 1
    out = capsys.readouterr().out
    assert "8 questions that the data do not answer." in out
    assert "none of 2 arms has dose 0" in " ".join(out.split())
    assert shown[2] == "mg"
