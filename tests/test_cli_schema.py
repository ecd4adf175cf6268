"""The command that prints JSON Schemas."""

from __future__ import annotations

from pathlib import Path

import pytest

from cutbook import cli


@pytest.mark.parametrize("name", ["study", "cut", "recipients", "pk_choices", "manifest"])
def test_a_schema_is_printed_as_it_is_committed(project: Path, capsysbinary, name: str) -> None:
    with pytest.raises(SystemExit) as ended:
        cli.main(["schema", name])
    assert ended.value.code == 0
    assert capsysbinary.readouterr().out == (project / f"docs/schema/{name}.schema.json").read_bytes()


def test_a_schema_of_something_else_is_wrong_usage(capsys) -> None:
    with pytest.raises(SystemExit) as ended:
        cli.main(["schema", "display"])
    assert ended.value.code == 2
    assert "'study', 'cut', 'recipients', 'pk_choices', 'manifest'" in capsys.readouterr().err
