"""Joint rank of function and survival (CAFS): every participant compared with every other."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class JointRank:
    """Every participant compared with every other.

    Attributes
    ----------
    people : list of str
        In the order given.
    pairs : array, participants x participants
        1 where the participant of the row does better than that of the column, -1 worse, 0 neither.
    by_survival : array of bool
        Whether survival decided the pair.
    scores, ranks : array
        Wins less losses of each, and their average ranks, 1 for the worst.
    """

    people: list[str]
    pairs: Floats
    by_survival: npt.NDArray[np.bool_]
    scores: Floats
    ranks: Floats


def joint_rank(subjects: pd.DataFrame, changes: pd.DataFrame) -> JointRank:
    """Return the comparison of every two participants by survival first, else by the change of the score.

    Parameters
    ----------
    subjects : frame
        One row a participant: USUBJID, FOLLOWED (time of death, or until when alive), IS_DEAD.
    changes : frame
        One row a participant and visit after baseline: USUBJID, VISIT (in order of time), CHG.

    Notes
    -----
    Both died: the later death is better. One died while the other was still followed: the survivor is better. Else the
    change at the last visit at which both have a score decides, more is better; without such a visit neither. Berry et
    al., Amyotroph Lateral Scler Frontotemporal Degener 2013;14:162.

    Examples
    --------
    >>> people = pd.DataFrame({"USUBJID": ["a", "b"], "FOLLOWED": [50.0, 90.0], "IS_DEAD": [True, False]})
    >>> joint_rank(people, pd.DataFrame({"USUBJID": ["a"], "VISIT": [1], "CHG": [-1.0]})).scores.tolist()
    [-1.0, 1.0]
    """
    people = subjects["USUBJID"].tolist()
    followed = subjects["FOLLOWED"].to_numpy("float64")
    is_dead = subjects["IS_DEAD"].to_numpy(dtype=bool)
    wide = changes.pivot_table(index="USUBJID", columns="VISIT", values="CHG").reindex(people)
    function = _by_function(wide.to_numpy("float64"))
    earlier = np.sign(followed[:, None] - followed[None, :])
    both = is_dead[:, None] & is_dead[None, :]
    lost = is_dead[:, None] & ~is_dead[None, :] & (followed[None, :] >= followed[:, None])
    pairs = np.where(both, earlier, np.where(lost, -1.0, np.where(lost.T, 1.0, function)))
    np.fill_diagonal(pairs, 0.0)
    scores = pairs.sum(axis=1)
    decided = (both & (earlier != 0)) | lost | lost.T
    return JointRank(people, pairs, decided, scores, np.asarray(pd.Series(scores).rank(), dtype="float64"))


def _by_function(changes: Floats) -> Floats:
    """Return the sign of the difference of changes at the last visit at which both have one, 0 without such a visit."""
    count = len(changes)
    pairs, is_open = np.zeros((count, count)), np.ones((count, count), dtype=bool)
    for visit in reversed(range(changes.shape[1])):
        difference = changes[:, visit][:, None] - changes[:, visit][None, :]
        is_told = is_open & ~np.isnan(difference)
        pairs = np.where(is_told, np.sign(np.nan_to_num(difference)), pairs)
        is_open &= ~is_told
    return pairs
