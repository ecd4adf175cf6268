"""What the Dockerfile says, for tests on a machine without a builder of images."""

from __future__ import annotations

import shlex
import shutil
from pathlib import Path

Instruction = tuple[str, list[str]]


def stages(file: Path) -> list[list[Instruction]]:
    """Return the instructions of every stage, each with its words; those of a shell line as the shell splits them."""
    lines = [line for line in file.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    found: list[list[Instruction]] = []
    for line in "\n".join(lines).replace("\\\n", " ").splitlines():
        if line.strip():
            name, _, rest = line.partition(" ")
            found += [[]] if name == "FROM" else []
            found[-1].append((name, shlex.split(rest)))
    return found


def copied_from_context(stage: list[Instruction]) -> dict[str, str]:
    """Return where each file or folder of the build context goes, by its name there."""
    copies = [words for name, words in stage if name == "COPY" and not words[0].startswith("--from")]
    return {source: words[-1] for words in copies for source in words[:-1]}


def copy_context(project: Path, stage: list[Instruction], to: Path) -> Path:
    """Return a folder that holds what a stage copies from the context, and nothing else."""
    to.mkdir()
    for source, target in copied_from_context(stage).items():
        if (project / source).is_dir():
            shutil.copytree(project / source, to / target, ignore=shutil.ignore_patterns("__pycache__", "*.egg-info"))
        else:
            shutil.copyfile(project / source, to / target / source)
    return to
