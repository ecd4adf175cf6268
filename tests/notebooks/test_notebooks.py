import ast
import json

import papermill
import pytest

from cutbook import catalogue
from cutbook.notebook.leads import LEADS
from cutbook.parameters.cut import CutParameters

REPORTS = ["safety", "pharmacokinetics", "efficacy"]
FORBIDDEN = (
    ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.For, ast.While, ast.If, ast.Try, ast.Lambda, ast.With,
    ast.ListComp, ast.DictComp, ast.SetComp, ast.GeneratorExp,
)  # fmt: skip


@pytest.fixture(params=REPORTS)
def notebook(request, project):
    return json.loads((project / "notebooks" / f"{request.param}.ipynb").read_text(encoding="utf-8"))


def code_cells(notebook):
    return [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]


def source(cell):
    return "".join(cell["source"])


def length(cell):
    return len([line for line in source(cell).splitlines() if line.strip()])


def test_cells_are_short_and_the_notebook_is_thin(notebook):
    cells = code_cells(notebook)
    others = [cell for cell in cells if "parameters" not in cell["metadata"].get("tags", [])]
    lengths = sorted(length(cell) for cell in others)
    assert lengths[-1] <= 8
    assert 1 <= lengths[len(lengths) // 2] <= 5
    assert sum(length(cell) for cell in cells) <= 200


def test_nothing_is_defined_or_decided_in_a_notebook(notebook):
    for cell in code_cells(notebook):
        found = [type(node).__name__ for node in ast.walk(ast.parse(source(cell))) if isinstance(node, FORBIDDEN)]
        assert found == []


def test_imports_come_from_cutbook_and_from_one_cell(notebook):
    importing = [
        [node for node in ast.walk(ast.parse(source(cell))) if isinstance(node, (ast.Import, ast.ImportFrom))]
        for cell in code_cells(notebook)
    ]
    assert [place for place, nodes in enumerate(importing) if nodes] == [1]
    assert {node.module.split(".")[0] for node in importing[1]} == {"cutbook"}


def test_cells_only_open_a_report_compute_it_show_its_displays_and_finish_it(notebook):
    cells = [ast.parse(source(cell)).body for cell in code_cells(notebook)]
    opened, computed, *shown = cells[2:]
    calls = [ast.unparse(call) for body in (opened, computed) for call in body]
    assert calls[0].startswith("parameters = check_parameters(study, cut_id, ")
    assert calls[1:] == [f"report = open_report('{name_of(notebook)}', parameters, staged_cut)",
                         "results = report.compute()"]  # fmt: skip
    said = [ast.unparse(statement) for body in shown for statement in body]
    assert [text for text in said if not text.startswith("report.show(")] == [
        "report.opening", "report.finish(results_to)",
    ]  # fmt: skip


def test_a_notebook_shows_every_display_of_its_report_once_and_no_other(notebook):
    calls = [
        call.args[0]
        for cell in code_cells(notebook)
        for call in ast.walk(ast.parse(source(cell)))
        if isinstance(call, ast.Call) and ast.unparse(call.func) == "report.show"
    ]
    shown = [getattr(getattr(catalogue, name.value.id), name.attr) for name in calls]
    name = name_of(notebook)
    declared = [
        display for display in catalogue.displays_of(name) if display.anchor and display not in LEADS.get(name, ())
    ]
    assert sorted(display.anchor for display in shown) == sorted(display.anchor for display in declared)
    assert all(display in declared for display in shown)


def name_of(notebook):
    """Return the report that a notebook opens."""
    (name,) = [
        call.args[0].value
        for cell in code_cells(notebook)
        for call in ast.walk(ast.parse(source(cell)))
        if isinstance(call, ast.Call) and ast.unparse(call.func) == "open_report"
    ]
    return name


def test_a_notebook_opens_the_report_of_its_name(project):
    for report in REPORTS:
        text = (project / "notebooks" / f"{report}.ipynb").read_text(encoding="utf-8")
        assert name_of(json.loads(text)) == report


def test_notebooks_are_committed_without_outputs(notebook):
    assert [cell["outputs"] for cell in code_cells(notebook) if cell["outputs"]] == []
    assert {cell["execution_count"] for cell in code_cells(notebook)} == {None}


def test_markdown_holds_no_number_and_no_verdict(notebook):
    for cell in notebook["cells"]:
        if cell["cell_type"] == "markdown":
            text = source(cell).replace("day 1 ", "").replace("day 0", "")
            assert not [word for word in text.split() if any(sign.isdigit() for sign in word)]
            assert not {"clearly", "simply"} & set(text.lower().split())


@pytest.mark.parametrize("report", REPORTS)
def test_the_parameters_cell_is_the_schema_of_a_cut(project, report):
    cell = papermill.inspect_notebook(str(project / "notebooks" / f"{report}.ipynb"))
    names = [*CutParameters.model_fields, "staged_cut", "results_to"]
    assert list(cell) == names
    assert {name: part["inferred_type_name"] for name, part in cell.items()} == {
        name: "int" if name == "revision" else "str" for name in names
    }
    assert [name for name, part in cell.items() if not part["help"]] == []
    defaults = {name: ast.literal_eval(part["default"]) for name, part in cell.items()}
    assert (
        CutParameters.model_validate({name: defaults[name] for name in CutParameters.model_fields}).study == "tofersen"
    )
