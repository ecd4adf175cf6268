from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from blind.trial import CUTS, cohorts_of, of, own_project
from cutbook.data.proving import proof
from cutbook.data.proving.allocations import random_allocations, restricted_part
from cutbook.data.proving.proof import digest_of, prove_blind
from cutbook.data.transfer.checked import read_cut_transfer
from cutbook.errors import BlindingError
from cutbook.parameters.project import Project
from cutbook.parameters.study import Study


@pytest.fixture(scope="module")
def home(project: Path) -> Project:
    return Project(project)


def few(home: Project, allocations: int = 2) -> Study:
    study, _ = of(home, "C1")
    assert study.blinding is not None
    return study.model_copy(update={"blinding": study.blinding.model_copy(update={"allocations": allocations})})


def test_allocations_keep_to_the_cohorts_and_their_ratio(home: Project) -> None:
    study, cohorts = few(home, 5), cohorts_of(home, "IA")
    assert study.blinding is not None
    arms = {cohort.code: set(cohort.arms) for cohort in study.blinding.cohorts}
    drawn = list(random_allocations(cohorts, study.blinding, seed=1))
    assert len(drawn) == 10
    assert len({tuple(sorted(one.items())) for one in drawn}) == 10
    for one, complement in zip(drawn[::2], drawn[1::2], strict=True):
        assert set(one) == set(cohorts)
        assert all(arm in arms[cohorts[name]] for name, arm in one.items())
        assert all(arm != complement[name] for name, arm in one.items())
        sizes = Counter((cohorts[name], arm == "PBO") for name, arm in one.items())
        assert (sizes[("COHORT 6", False)], sizes[("COHORT 6", True)]) == (9, 3)
    again = list(random_allocations(cohorts, study.blinding, seed=1))
    assert drawn == again
    assert drawn != list(random_allocations(cohorts, study.blinding, seed=2))


def test_a_restricted_part_follows_from_the_allocation(home: Project) -> None:
    study, cut = of(home, "C1")
    opened = read_cut_transfer(home, study, cut, is_unverified_allowed=False).datasets
    people = sorted(cohorts_of(home, "C1"))
    part = restricted_part(opened, {name: "PBO" if at % 2 else "TOF20" for at, name in enumerate(people)}, study)
    assert set(part) == {"dm", "ex", "pc", "pp", "is", "lb"}
    told = part["dm"].set_index("USUBJID").loc[people[:2]]
    assert told["ARMCD"].tolist() == ["TOF20", "PBO"]
    assert told["ACTARM"].tolist() == ["Tofersen 20 mg", "Placebo"]
    assert set(part["ex"].loc[part["ex"]["USUBJID"].eq(people[1]), "EXDOSE"]) == {0.0}
    assert set(part["ex"].loc[part["ex"]["USUBJID"].eq(people[0]), "EXDOSE"]) == {20.0}
    assert part["pc"]["USUBJID"].tolist() == people[::2]
    assert set(part["lb"]["LBTESTCD"]) == {"SOD1"}


@pytest.mark.parametrize("cut", CUTS)
def test_a_blind_is_proven(home: Project, tmp_path: Path, cut: str) -> None:
    _, parameters = of(home, cut)
    proven = prove_blind(home, few(home), parameters, tmp_path / "work", is_unverified_allowed=False)
    alone = prove_blind(
        home, few(home), parameters.model_copy(update={"previous_cut": ""}), tmp_path / "w", is_unverified_allowed=False
    )
    read = read_cut_transfer(home, few(home), parameters, is_unverified_allowed=False)
    assert (alone.allocations, alone.readings, alone.sha256) == (2, 6, digest_of(read))
    is_first = not parameters.previous_cut
    assert (proven.readings, proven.sha256 == alone.sha256) == ((6, True) if is_first else (12, False))
    assert not (tmp_path / "work").exists()
    assert alone.words.startswith("the data behind this report were read 6 times, under 2 random allocations")


def test_a_previous_cut_that_depends_on_the_allocation_disproves_the_blind_too(
    home: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import pandas as pd

    from cutbook.data.transfer.checked import read_cut_transfer as honest
    from cutbook.parameters.project import restricted_folder

    def curious(project, study, cut, *, is_unverified_allowed):
        read = honest(project, study, cut, is_unverified_allowed=is_unverified_allowed)
        told = float(cut.cut_id == "C1" and restricted_folder(project, study, cut).is_dir())
        return proof.Transfer(**{**vars(read), "datasets": {**read.datasets, "ts": pd.DataFrame({"X": [told]})}})

    monkeypatch.setattr(proof, "read_cut_transfer", curious)
    _, parameters = of(home, "C2")
    with pytest.raises(BlindingError, match="blind of cut C1: found data that depend on who got what"):
        prove_blind(home, few(home), parameters, tmp_path / "work", is_unverified_allowed=False)


def test_the_restricted_part_that_was_sent_is_not_opened(project: Path, tmp_path: Path) -> None:
    home = own_project(project, tmp_path / "home", "C1")
    apart = home.root / "data/tofersen/C1/restricted"
    for file in apart.iterdir():
        file.write_bytes(b"not to be read")
    _, parameters = of(home, "C1")
    proven = prove_blind(home, few(home), parameters, tmp_path / "work", is_unverified_allowed=False)
    assert proven.readings == 6


@pytest.mark.parametrize("what", ["an arm", "how many rows", "that it is there"])
def test_a_reading_that_depends_on_the_allocation_disproves_the_blind(
    home: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    """A reader that looks into the restricted part is found out, whatever it takes from there."""
    import pandas as pd

    from cutbook.data.transfer.checked import read_cut_transfer as honest
    from cutbook.parameters.project import restricted_folder

    def curious(project, study, cut, *, is_unverified_allowed):
        read = honest(project, study, cut, is_unverified_allowed=is_unverified_allowed)
        folder = restricted_folder(project, study, cut)
        if what == "that it is there":
            told = float(folder.is_dir())
        elif (file := folder / "dm.parquet").is_file():
            arms = pd.read_parquet(file)["ARMCD"]
            told = float(arms.iloc[0] == "PBO") if what == "an arm" else float(arms.eq("PBO").sum() % 2)
        else:
            told = 0.0
        return proof.Transfer(**{**vars(read), "datasets": {**read.datasets, "ts": pd.DataFrame({"X": [told]})}})

    monkeypatch.setattr(proof, "read_cut_transfer", curious)
    _, parameters = of(home, "C1")
    study = few(home, 10)
    with pytest.raises(BlindingError) as error:
        prove_blind(home, study, parameters, tmp_path / "work", is_unverified_allowed=False)
    said = str(error.value)
    assert said.startswith("blind of cut C1: found data that depend on who got what")
    assert "PBO" not in said


def test_what_is_read_has_another_digest_when_anything_of_it_differs(home: Project) -> None:
    from dataclasses import replace

    read = read_cut_transfer(home, *of(home, "C1"), is_unverified_allowed=False)
    ae = read.datasets["ae"]
    others = [
        replace(read, datasets={**read.datasets, "ae": ae.assign(AETERM=["X", *ae["AETERM"][1:]])}),
        replace(read, datasets={**read.datasets, "ae": ae.iloc[::-1]}),
        replace(read, datasets={**read.datasets, "ae": ae.iloc[1:]}),
        replace(read, datasets={**read.datasets, "ae": ae.rename(columns={"AETERM": "AETERMX"})}),
        replace(read, datasets={**read.datasets, "ae": ae.assign(AESEQ=ae["AESEQ"].astype("str"))}),
        replace(read, received=read.received.iloc[1:]),
        replace(read, extracted="2001-01-01"),
        replace(read, is_verified=False),
    ]
    assert len({digest_of(read), *map(digest_of, others)}) == len(others) + 1
