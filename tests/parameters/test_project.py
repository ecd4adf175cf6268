from pathlib import Path

import pytest

from cutbook.errors import ParameterError
from cutbook.parameters.cut import CutParameters
from cutbook.parameters.project import Project, check_parameters, list_cuts, read_cut, read_study
from cutbook.parameters.yaml_text import read_document

CUT = 'study: alpha\ncut_id: "{cut}"\ncutoff_date: "2024-05-01"\ntransfer: t1\n'


@pytest.fixture
def alpha(tmp_path: Path) -> Project:
    (tmp_path / "notebooks").mkdir()
    (tmp_path / "parameters/alpha").mkdir(parents=True)
    return Project(tmp_path)


def write_cut(project: Project, cut: str, text: str | None = None) -> None:
    (project.parameters / "alpha" / f"{cut}.yaml").write_text(CUT.format(cut=cut) if text is None else text)


@pytest.mark.parametrize("cut", ["007", "NO", "12:30", "1e3", "off", "0x1F", "1.0", "null"])
def test_a_cut_id_stays_the_text_that_was_written(alpha, cut):
    write_cut(alpha, cut, CUT.format(cut=cut).replace('"', ""))
    assert read_cut(alpha, "alpha", cut).cut_id == cut


HOSTILE = [
    "../x", "/abs", "a/b", "a\0b", ".", "..", "", "x" * 300, "{cut}", "-rf", "%2e%2e", "C1\n", " C1", "C1 ",
    "C1;ls", "$(id)", "a\\b", "é", "C1\u2028",
]  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_a_cut_id_that_could_escape_is_refused_and_nothing_is_created(alpha, name):
    before = sorted(alpha.root.rglob("*"))
    with pytest.raises(ParameterError) as caught:
        read_cut(alpha, "alpha", name)
    assert caught.value.exit_code == 2
    assert "\n" not in str(caught.value)
    assert sorted(alpha.root.rglob("*")) == before


@pytest.mark.parametrize("name", HOSTILE)
def test_a_study_id_that_could_escape_is_refused(alpha, name):
    with pytest.raises(ParameterError):
        read_study(alpha, name)


def test_every_fault_of_a_cut_file_is_listed_with_key_found_and_expected(alpha):
    write_cut(
        alpha, "C1", "study: alpha\ncut_id: C1\ncutoff_date: 01.05.2024\ntransfer: ../t\ncuttof: x\nrevision: 0\n"
    )
    with pytest.raises(ParameterError) as caught:
        read_cut(alpha, "alpha", "C1")
    lines = str(caught.value).splitlines()
    assert [line.split(":")[0] for line in lines] == [
        "parameters/alpha/C1.yaml.cutoff_date row 3",
        "parameters/alpha/C1.yaml.transfer row 4",
        "parameters/alpha/C1.yaml.cuttof row 5",
        "parameters/alpha/C1.yaml.revision row 6",
    ]
    assert "found '01.05.2024'; " in lines[0]
    assert "expected a date YYYY-MM-DD" in lines[0]


def test_a_day_that_the_calendar_does_not_have_is_refused(alpha):
    write_cut(alpha, "C1", CUT.format(cut="C1").replace("2024-05-01", "2023-02-29"))
    with pytest.raises(ParameterError, match="a day that the calendar has"):
        read_cut(alpha, "alpha", "C1")


def test_a_key_given_twice_is_a_fault_with_its_row(alpha):
    write_cut(alpha, "C1", CUT.format(cut="C1") + "transfer: t2\n")
    with pytest.raises(ParameterError, match=r"C1\.yaml\.transfer row 5: found the key twice"):
        read_cut(alpha, "alpha", "C1")


def test_file_name_and_cut_id_must_agree(alpha):
    write_cut(alpha, "C2", CUT.format(cut="C1"))
    with pytest.raises(ParameterError, match="file name and key must agree"):
        read_cut(alpha, "alpha", "C2")


def test_an_unknown_previous_cut_is_a_fault(alpha):
    write_cut(alpha, "C1", CUT.format(cut="C1") + "previous_cut: C0\n")
    with pytest.raises(ParameterError, match=r"previous_cut row 5: found 'C0'"):
        read_cut(alpha, "alpha", "C1")


def test_cuts_are_listed_by_cutoff_date(alpha):
    write_cut(alpha, "B")
    write_cut(alpha, "A", CUT.format(cut="A").replace("2024-05", "2025-05"))
    assert list_cuts(alpha, "alpha") == ["B", "A"]


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (b"", "row 1: found no keys"),
        (b"study: alpha\n<<<<<<< HEAD\ncut_id: X\n=======\n", "row 2: found the mark '<<<<<<<' of two versions"),
        (b"\xff\xfe\x00", "found a byte that is not UTF-8"),
        (b"- 1\n", "row 1: found no keys"),
        (b"a: &a [*a]\n", "row 1: found sections nested or repeated without end"),
    ],
)
def test_a_cut_file_that_cannot_be_read_is_a_fault_of_its_own_and_of_no_other_cut(alpha, content, found):
    write_cut(alpha, "C1")
    (alpha.parameters / "alpha" / "X.yaml").write_bytes(content)
    assert list_cuts(alpha, "alpha") == ["C1", "X"]
    assert read_cut(alpha, "alpha", "C1").cut_id == "C1"
    with pytest.raises(ParameterError, match=rf"parameters/alpha/X\.yaml.*{found}"):
        read_cut(alpha, "alpha", "X")


def test_what_an_editor_leaves_beside_a_cut_file_is_no_cut(alpha):
    write_cut(alpha, "C1")
    folder = alpha.parameters / "alpha"
    (folder / ".#C1.yaml").symlink_to("me@machine.1:2")
    (folder / "#C1.yaml#").write_text("x")
    (folder / ".C1.yaml.swp").write_bytes(b"\0")
    (folder / "~C1.yaml").write_text("x")
    assert list_cuts(alpha, "alpha") == ["C1"]


def test_cuts_whose_names_differ_by_case_alone_are_a_fault(alpha):
    write_cut(alpha, "C1")
    write_cut(alpha, "c1")
    with pytest.raises(ParameterError, match="found C1 and c1, which differ by case alone"):
        read_cut(alpha, "alpha", "C1")


@pytest.mark.parametrize("name", ["CON", "nul", "com1", "LPT9.x", "aux.2024", "C1."])
def test_a_name_that_no_folder_can_have_on_some_machines_is_refused(alpha, name):
    write_cut(alpha, name)
    with pytest.raises(ParameterError, match="a name that every machine can give a folder"):
        read_cut(alpha, "alpha", name)
    with pytest.raises(ParameterError, match=r"every machine|a name of letters"):
        read_study(alpha, name)


def test_yaml_tags_do_nothing_and_broken_yaml_names_its_row(tmp_path):
    file = tmp_path / "x.yaml"
    file.write_text("a: !!python/object/apply:os.system ['touch canary']\n")
    assert read_document(file, "x.yaml").tree == {"a": ["touch canary"]}
    file.write_text("a: 1\nb: [\n")
    with pytest.raises(ParameterError, match=r"x\.yaml row 3"):
        read_document(file, "x.yaml")


def test_notebook_parameters_that_yaml_turned_into_something_else_are_named():
    values = ["alpha", False, "2024-05-01", "t1", "", 1, "", "draft", "unblinded"]
    with pytest.raises(ParameterError, match=r"parameters\.cut_id: found False \(a truth value\)"):
        check_parameters(*values)


def test_half_a_character_is_a_fault_with_its_row(alpha):
    write_cut(alpha, "C1", CUT.format(cut="C1") + 'purpose: "\\ud83d"\n')
    with pytest.raises(ParameterError, match=r"C1\.yaml row 5: found half of a surrogate pair"):
        read_cut(alpha, "alpha", "C1")


def test_study_files_of_the_project_are_valid(project):
    for study in ("tofersen", "cdiscpilot01"):
        assert read_study(Project(project), study).id == study
        for cut in list_cuts(Project(project), study):
            assert isinstance(read_cut(Project(project), study, cut), CutParameters)
