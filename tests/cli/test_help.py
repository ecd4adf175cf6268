from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from command_line import call
from cutbook import cli
from cutbook.cli.shell.examples import HEAD
from cutbook.data.transfer.audience import RENDERED
from cutbook.report.execution.engine import ENGINES


def commands(group: click.Group = cli.commands, *path: str) -> Iterator[tuple[str, ...]]:
    """Yield every command and group by the words that call it."""
    yield path
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from commands(command, *path, name)
        else:
            yield (*path, name)


def help_of(capsys: pytest.CaptureFixture[str], *path: str) -> str:
    code, out, _ = call(capsys, *path, "--help")
    assert code == 0
    return out


def examples_of(text: str) -> list[list[str]]:
    """Return the words of every example in a help text that calls the program."""
    lines = text.partition(HEAD)[2].splitlines()
    return [shlex.split(line)[1:] for line in lines if line.strip().startswith("cutbook ")]


@pytest.mark.parametrize("path", [path for path in commands() if path], ids=" ".join)
def test_the_help_of_every_command_has_examples_that_are_right_usage(
    capsys: pytest.CaptureFixture[str], path: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(click.Path, "convert", lambda _self, value, _param, _context: Path(value))
    found = examples_of(help_of(capsys, *path))
    assert found
    for words in found:
        assert tuple(words[: len(path)]) == path
        parse(cli.commands, words)


def parse(command: click.Command, words: list[str], parent: click.Context | None = None) -> None:
    """Fail where the words are wrong usage of a command, without running it."""
    if isinstance(command, click.Group):
        with click.Context(command, parent=parent) as context:
            parse(command.commands[words[0]], words[1:], context)
    else:
        command.make_context(command.name, list(words), parent=parent)


def test_the_program_shows_examples_line_by_line(capsys: pytest.CaptureFixture[str]) -> None:
    shown = help_of(capsys).partition(HEAD)[2].splitlines()
    assert "    cutbook check tofersen C2" in shown
    assert "    cutbook run tofersen C2" in shown


def test_the_help_offers_what_is_accepted_and_nothing_else(capsys: pytest.CaptureFixture[str]) -> None:
    run = " ".join(help_of(capsys, "run").split())
    assert "--report [safety|pharmacokinetics|efficacy]" in run
    assert f"--engine [{'|'.join(ENGINES)}]" in run
    for text in (run, " ".join(help_of(capsys, "compare").split())):
        assert f"--audience [{'|'.join(RENDERED)}]" in text
        assert "dummy" not in text


def test_the_page_lists_every_command_and_exit_code(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    page = (project / "docs" / "command-line.md").read_text(encoding="utf-8")
    named = set(re.findall(r"^\| `cutbook ([a-z-]+)", page, flags=re.MULTILINE))
    assert named == set(cli.commands.commands)
    explained = set(re.findall(r"^\| (\d+) \|", page, flags=re.MULTILINE))
    assert set(re.findall(r"\b(\d+) [a-z]", help_of(capsys).partition("Exit codes:")[2].partition(".")[0])) <= explained
