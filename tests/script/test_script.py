"""The scripts of pages: their parts by node's own test runner, and what joining them relies on."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from cutbook.page_script import DISPLAYS, DISPLAYS_ORDER, PAGE, PAGE_ORDER, displays_script, joined, report_script

HERE = Path(__file__).parent
SCRIPTS = [(DISPLAYS, DISPLAYS_ORDER), (PAGE, PAGE_ORDER)]
IMPORT = re.compile(r'^import \{([^}]*)\} from "\./(\w+)\.mjs";$', re.MULTILINE)
EXPORT = re.compile(r"^export (?:const|function) (\w+)", re.MULTILINE)
TOP_LEVEL = re.compile(r"^(?:export )?(?:const|let|function|class) (\[[^]]*\]|\w+)", re.MULTILINE)


@pytest.fixture(scope="module")
def node() -> str:
    """Return the path of node; skip without it, fail where everything must be there."""
    path = shutil.which("node")
    if path is None and os.environ.get("CI"):
        pytest.fail("node must be there in CI: .ci/run installs it")
    return path or pytest.skip("node is not installed: .ci/run installs it")


def text_of(folder: Path, part: str) -> str:
    return (folder / f"{part}.mjs").read_text(encoding="utf-8")


def names(text: str) -> list[str]:
    """Return the names that a part declares for all of it."""
    return [name for found in TOP_LEVEL.findall(text) for name in re.findall(r"\w+", found)]


def run(*command: str) -> None:
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_what_the_scripts_decide(node):
    files = sorted(map(str, HERE.glob("*.test.mjs")))
    assert files
    run(node, "--test", *files)


@pytest.mark.parametrize("script", [displays_script, report_script])
def test_the_parts_make_one_script(node, script, tmp_path):
    file = tmp_path / "joined.js"
    file.write_text(script(), encoding="utf-8")
    run(node, "--check", str(file))
    assert re.findall(r"^\s*(?:import|export)\b", script(), re.MULTILINE) == []


@pytest.mark.parametrize(("folder", "order"), SCRIPTS)
def test_every_part_is_joined_after_those_that_it_imports(folder, order):
    assert sorted(order) == sorted(file.stem for file in folder.iterdir())
    known: dict[str, set[str]] = {}
    for part in order:
        text = text_of(folder, part)
        imports = IMPORT.findall(text)
        assert len(imports) == len(re.findall(r"^import\b", text, re.MULTILINE)), part
        for listed, other in imports:
            wanted = set(re.findall(r"\w+", listed))
            assert wanted <= known.get(other, set()), (part, other)
        known[part] = set(EXPORT.findall(text))


@pytest.mark.parametrize(("folder", "order"), SCRIPTS)
def test_a_part_imports_what_it_calls_of_another_so_that_it_can_be_tested_alone(folder, order):
    declared = {name for part in order for name in names(text_of(folder, part))}
    for part in order:
        text = text_of(folder, part)
        imported = {name for listed, _ in IMPORT.findall(text) for name in re.findall(r"\w+", listed)}
        body = re.sub(r"/\*.*?\*/|\"[^\"]*\"", "", IMPORT.sub("", text), flags=re.DOTALL)
        called = set(re.findall(r"(?<![.\w$-])(\w+)(?=\()", body))
        assert sorted(called & declared - set(names(text)) - imported) == [], part


def test_a_name_that_two_parts_declare_is_an_error(node, tmp_path):
    (tmp_path / "one.mjs").write_text("export function same() {}\n", encoding="utf-8")
    (tmp_path / "two.mjs").write_text("function same() {}\n", encoding="utf-8")
    (tmp_path / "joined.js").write_text(joined(tmp_path, ("one", "two")), encoding="utf-8")
    with pytest.raises(AssertionError, match="Identifier 'same' has already been declared"):
        run(node, "--check", str(tmp_path / "joined.js"))


def test_parts_are_joined_without_what_only_modules_can_say(tmp_path):
    (tmp_path / "one.mjs").write_text("/* One. */\nexport const one = 1;\n", encoding="utf-8")
    two = '/* Two. */\nimport {\n  one,\n} from "./one.mjs";\nexport function two() { return one + 1; }\n'
    (tmp_path / "two.mjs").write_text(two, encoding="utf-8")
    assert joined(tmp_path, ("one", "two")) == (
        '(() => {\n"use strict";\n{\n/* One. */\nconst one = 1;\n\n'
        "/* Two. */\nfunction two() { return one + 1; }\n}\n})();\n"
    )
