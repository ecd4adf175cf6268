"""Files of a staged cut: frames written for reading only, and read back one by one when they are asked for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

import pandas as pd

DATASET_ENDING = ".parquet"
RESULTS_ENDING = ".results.parquet"


class StagedFrames(Mapping[str, pd.DataFrame]):
    """The frames of a folder by name, in the order of the names, each read when it is first asked for.

    Parameters
    ----------
    folder : Path
        Where they lie; without the folder there are none.
    ending : str
        End of their file names; what stands before it is the name.
    """

    def __init__(self, folder: Path, ending: str = DATASET_ENDING) -> None:
        files = sorted(folder.glob(f"*{ending}"))
        self._files = {file.name.removesuffix(ending): file for file in files}
        self._frames: dict[str, pd.DataFrame] = {}

    def __getitem__(self, name: str) -> pd.DataFrame:
        """Return one frame; it is shared and must not be changed."""
        if name not in self._frames:
            self._frames[name] = pd.read_parquet(self._files[name])
        return self._frames[name]

    def __contains__(self, name: object) -> bool:
        """Return whether there is a frame of this name, without reading it."""
        return name in self._files

    def __iter__(self) -> Iterator[str]:
        """Return the names."""
        return iter(self._files)

    def __len__(self) -> int:
        """Return the number of frames."""
        return len(self._files)


def write_frames(folder: Path, frames: Mapping[str, pd.DataFrame]) -> None:
    """Write frames to files of their names, in a folder that is made if need be."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, frame in frames.items():
        frame.to_parquet(folder / f"{name}{DATASET_ENDING}")


def write_text(file: Path, text: str) -> None:
    """Write a file for reading only, in place of the one that lies there."""
    file.unlink(missing_ok=True)
    file.write_text(text, encoding="utf-8")
    file.chmod(0o400)


def make_read_only(folder: Path) -> None:
    """Let every file below a folder be read by its owner and changed by nobody."""
    for file in folder.rglob("*"):
        if file.is_file():
            file.chmod(0o400)
