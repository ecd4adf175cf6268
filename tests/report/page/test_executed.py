from __future__ import annotations

from pathlib import Path

import nbformat
import pytest
from nbformat import NotebookNode

from cutbook.report.page.executed import without_clock

PAPERMILL = {
    "parameters": {"cut_id": "C1"},
    "version": "2.7.0",
    "start_time": "2026-11-22T08:32:00+00:00",
    "duration": 5.8,
    "input_path": "source/safety.ipynb",
    "environment_variables": {},
}
SPEC = {"name": "python3", "display_name": "Python"}


def cell(number: str, **metadata: object) -> NotebookNode:
    made = nbformat.v4.new_code_cell("1", id=number, metadata=metadata)
    made.outputs = [nbformat.v4.new_output("stream", text="1")]
    return made


def executed(injected: str) -> NotebookNode:
    """Return a notebook as papermill leaves it, whose injected cell has this id."""
    timed = {"papermill": {"duration": 0.1}, "execution": {"iopub.status.busy": "2026-11-22T08:32:00Z"}}
    cells = [cell("a", **timed, tags=["parameters"]), cell(injected, tags=["injected-parameters"]), cell("b", **timed)]
    return nbformat.v4.new_notebook(cells=cells, metadata={"papermill": PAPERMILL, "kernelspec": SPEC})


@pytest.fixture
def source(tmp_path: Path) -> Path:
    file = tmp_path / "safety.ipynb"
    nbformat.write(nbformat.v4.new_notebook(cells=[cell("a"), cell("b")]), file)
    return file


def test_times_and_paths_go_and_parameters_and_version_stay(source: Path) -> None:
    settled = without_clock(executed("6e2513f0"), source)
    assert settled.metadata == {
        "papermill": {"parameters": {"cut_id": "C1"}, "version": "2.7.0"},
        "kernelspec": SPEC,
    }
    assert [item.metadata for item in settled.cells] == [
        {"tags": ["parameters"]},
        {"tags": ["injected-parameters"]},
        {},
    ]


def test_cells_keep_the_id_of_the_source_and_others_are_named_by_their_place(source: Path) -> None:
    settled = without_clock(executed("6e2513f0"), source)
    assert [item.id for item in settled.cells] == ["a", "made-2", "b"]
    nbformat.validate(settled)


def test_cells_of_a_source_without_ids_are_named_by_their_place(source: Path) -> None:
    source.write_text('{"cells": [{"cell_type": "code"}, {"cell_type": "code"}]}', encoding="utf-8")
    assert [item.id for item in without_clock(executed("c"), source).cells] == ["made-1", "made-2", "made-3"]


def test_two_executions_of_a_notebook_are_then_the_same(source: Path) -> None:
    assert without_clock(executed("6e2513f0"), source) == without_clock(executed("29be3c14"), source)


def test_outputs_stay_and_the_given_notebook_is_not_changed(source: Path) -> None:
    given = executed("6e2513f0")
    settled = without_clock(given, source)
    assert [item.outputs for item in settled.cells] == [item.outputs for item in given.cells]
    assert given == executed("6e2513f0")
