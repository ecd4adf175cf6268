from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from blind.trial import of, own_project
from cutbook.data.transfer.audience import Asked, is_under_blind, refuse_reader, with_class
from cutbook.errors import BlindingError, CutbookError, DataError
from cutbook.parameters.cut import CutParameters
from cutbook.parameters.project import Project, read_cut
from cutbook.published.folders import Place, remove_tree
from cutbook.published.ledger import read_rows
from cutbook.report.explore import prepare_exploration
from cutbook.report.publishing.comparison import compare_cuts
from cutbook.report.publishing.orders import Order
from cutbook.report.publishing.pending import pending_cuts
from cutbook.report.run import check_cut, run_cut


@pytest.fixture
def home(project: Path, tmp_path: Path) -> Project:
    """Return the project without any transfer: whatever reads one fails otherwise than by what is asked here."""
    return own_project(project, tmp_path / "home")


def order(home: Project, cut: str, **given: str) -> Order:
    return Order(home, "tofersen", cut, home.root / "outputs", **given)


def refusal(order: Order) -> str:
    with pytest.raises(BlindingError) as error:
        run_cut(order, lambda *_: None)
    return str(error.value)


def test_the_class_of_a_cut_is_asked_for_or_stated_or_that_of_its_time(home: Project) -> None:
    study, _ = of(home, "C1")
    unstated = {"study": "tofersen", "cut_id": "X", "transfer": "X"}
    early, late = (CutParameters(cutoff_date=day, **unstated) for day in ("2019-02-28", "2019-03-01"))
    assert with_class(study, early).audience == "blinded"
    assert with_class(study, late).audience == "unblinded"
    assert with_class(study, early, "unblinded").audience == "unblinded"
    stated = CutParameters(cutoff_date="2019-02-28", audience="unblinded", **unstated)
    assert with_class(study, stated).audience == "unblinded"
    assert with_class(study.model_copy(update={"blinding": None}), early).audience == "unblinded"


def test_a_blind_without_an_end_holds_at_every_cut(home: Project) -> None:
    study, cut = of(home, "DBL")
    assert study.blinding is not None
    assert not is_under_blind(study, cut)
    ongoing = study.model_copy(update={"blinding": study.blinding.model_copy(update={"broken": None})})
    assert is_under_blind(ongoing, cut)


def test_unblinded_reports_without_a_role_are_refused_before_anything_is_read(home: Project) -> None:
    said = "unblinded data of cut C2, which is under the blind: found {}; expected statistician or pharmacologist; "
    assert refusal(order(home, "C2", audience="unblinded")).startswith(said.format("no role"))
    assert refusal(order(home, "C2", audience="unblinded", role="monitor")).startswith(said.format("role 'monitor'"))
    assert "found no reason" in refusal(order(home, "C2", audience="unblinded", role="statistician"))
    assert not (home.root / "outputs/tofersen").exists()


def test_with_role_and_reason_the_data_are_asked_for(home: Project) -> None:
    asked = order(home, "C2", audience="unblinded", role="statistician", reason="interim analysis")
    with pytest.raises(CutbookError) as error:
        run_cut(asked, lambda *_: None)
    assert error.value.exit_code == 3
    row = read_rows(home.root / "outputs")[-1]
    assert (row.role, row.reason, row.audience) == ("statistician", "interim analysis", "unblinded")
    assert row.who.endswith("as statistician, under the blind: interim analysis")


def test_after_the_blind_is_broken_nobody_is_asked(home: Project) -> None:
    study, cut = of(home, "DBL", "unblinded")
    refuse_reader(study, cut, role="")


@pytest.mark.parametrize("published", ["blinded", "unblinded"])
def test_a_root_holds_one_class_while_the_blind_holds(home: Project, published: str) -> None:
    other = {"blinded": "unblinded", "unblinded": "blinded"}[published]
    (home.root / f"outputs/tofersen/C1/revisions/{published}-r1-x").mkdir(parents=True)
    asked = order(home, "C2", audience=other, role="statistician", reason="interim analysis")
    said = f"outputs: found a set of class {published}, of cut C1; expected a root for {other} reports alone"
    assert refusal(asked).startswith(said)
    elsewhere = replace(asked, outputs=home.root / "apart")
    with pytest.raises(CutbookError) as error:
        run_cut(elsewhere, lambda *_: None)
    assert error.value.exit_code == 3


def test_a_root_with_remains_of_an_unblinded_run_is_none_for_blinded_reports(home: Project) -> None:
    asked = order(home, "C2", audience="unblinded", role="statistician", reason="interim analysis")
    with pytest.raises(CutbookError):
        run_cut(asked, lambda *_: None)
    kept = list((home.root / "outputs/failed").iterdir())
    assert len(kept) == 1
    said = refusal(order(home, "C1"))
    assert said.startswith("outputs: found remains of a failed run of class unblinded, of cut C2; expected a root for")
    shutil.rmtree(kept[0])
    with pytest.raises(CutbookError) as error:
        run_cut(order(home, "C1"), lambda *_: None)
    assert error.value.exit_code == 3


def test_data_to_explore_are_of_the_class_of_their_root(project: Path, tmp_path: Path) -> None:
    home = own_project(project, tmp_path / "home", "C1")
    place = Place(home.root / "outputs", "tofersen", "C1", "unblinded")
    folder = place.outputs / "explore/tofersen/C1/x"
    with pytest.raises(BlindingError, match="found no role"):
        prepare_exploration(home, place, folder, is_unverified_allowed=False)
    assert not folder.exists()
    prepare_exploration(home, place, folder, is_unverified_allowed=False, role="statistician")
    assert refusal(order(home, "C1")).startswith("outputs: found data to explore of class unblinded, of cut C1;")
    remove_tree(place.outputs)
    (place.outputs / "tofersen/C1/revisions/blinded-r1-x").mkdir(parents=True)
    with pytest.raises(BlindingError, match="found a set of class blinded"):
        prepare_exploration(home, place, folder, is_unverified_allowed=False, role="statistician")
    assert not folder.exists()


def test_sets_of_cuts_after_the_blind_share_a_root_with_blinded_ones(home: Project) -> None:
    (home.root / "outputs/tofersen/DBL/revisions/unblinded-r1-x").mkdir(parents=True)
    with pytest.raises(CutbookError) as error:
        run_cut(order(home, "C2"), lambda *_: None)
    assert error.value.exit_code == 3


def test_whatever_reads_unblinded_data_asks_for_the_role(home: Project, tmp_path: Path) -> None:
    with pytest.raises(BlindingError, match="found no role"):
        check_cut(home, ("tofersen", "C1"), tmp_path, is_unverified_allowed=False, asked=Asked("unblinded"))
    with pytest.raises(BlindingError, match="found no role"):
        compare_cuts(order(home, "C2", audience="unblinded"), "C1")
    with pytest.raises(DataError, match="found no such folder"):
        compare_cuts(order(home, "DBL"), "SL", ("records",))


def test_a_blinded_cut_waits_for_its_open_part_alone(project: Path, tmp_path: Path) -> None:
    home = own_project(project, tmp_path, "C1")
    shutil.rmtree(home.root / "data/tofersen/C1/restricted")
    waiting, errors = pending_cuts(home, "tofersen", home.root / "outputs", is_unverified_allowed=False)
    assert (waiting, errors) == (["C1"], {})
    assert read_cut(home, "tofersen", "C1").audience == "blinded"
