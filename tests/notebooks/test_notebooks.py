import ast
import json

import papermill
import pytest

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
