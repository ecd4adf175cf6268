"""Senders killed at random moments: nothing is silently lost, and copies come only where the class allows them."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from cutbook.deliver.outbox import OPEN, Mail
from cutbook.deliver.queueing import enqueue
from cutbook.parameters.project import Project
from cutbook.published.sets import current_set
from deliver.catcher import Caught, catcher
from deliver.published import Clock, dispatch, person, publish, recipients, write_recipients

READERS = 100
KILLS = 30
LIB = Path(__file__).resolve().parents[2] / "lib"


def queue(project: Project, port: int, audience: str) -> None:
    listed = recipients(figures={})
    listed["server"]["port"] = str(port)
    listed["roles"]["statistician"]["classes"] = [audience]
    listed["people"] = [person(f"Reader{number:03d}", "statistician") for number in range(READERS)]
    write_recipients(project.root, listed)
    here = dispatch(project)
    publish(here.outputs, audience=audience)
    published = current_set(here.outputs, "demo", "C1", audience)
    assert published is not None
    assert enqueue(here, published) == []


class Senders:
    """Starts senders, one at a time."""

    def __init__(self, project: Project) -> None:
        environment = {**os.environ, "PYTHONPATH": f"{LIB}:{LIB.parent / 'tests'}"}
        command = [sys.executable, "-m", "deliver.sender", str(project.root)]
        self.process = subprocess.Popen(
            command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def start(self, now: str) -> int:
        """Return the process of a sender that works at a time."""
        assert self.process.stdin is not None
        self.process.stdin.write(f"{now}\n")
        self.process.stdin.flush()
        return self.answer()

    def answer(self) -> int:
        """Return the next number that is told: after a process, its exit code."""
        assert self.process.stdout is not None
        return int(self.process.stdout.readline())


@contextmanager
def senders(project: Project) -> Iterator[Senders]:
    started = Senders(project)
    with started.process as process:
        yield started
        assert process.stdin is not None
        process.stdin.close()


def send_and_kill(project: Project, chance: random.Random) -> int:
    """Return how many senders were killed at work, after killing many at random and letting the last ones finish."""
    codes = []
    with senders(project) as working:
        for attempt in range(KILLS):
            process = working.start(f"2026-11-22T{6 + attempt // 4:02d}:{15 * (attempt % 4):02d}:00Z")
            time.sleep(chance.expovariate(1 / 0.15))
            os.kill(process, signal.SIGKILL)
            codes.append(working.answer())
        for now in ("2026-11-23T06:00:00Z", "2026-11-23T12:00:00Z", "2026-11-24T00:00:00Z"):
            working.start(now)
            assert working.answer() == 0
    return codes.count(-signal.SIGKILL)


def outcome(project: Project, caught: Caught) -> tuple[list[Mail], Counter[str]]:
    """Return the mails as they stand at the end, and how often the server accepted each recipient's."""
    return dispatch(project, Clock()).outbox.find(), Counter(caught.recipients())


@pytest.mark.slow
@pytest.mark.parametrize(("audience", "most_copies"), [("unblinded", 1), ("blinded", 2)])
def test_senders_that_are_killed_lose_no_mail_silently(study: Project, audience: str, most_copies: int) -> None:
    with catcher() as (caught, port):
        queue(study, port, audience)
        killed = send_and_kill(study, random.Random(20261122))  # noqa: S311 - a seeded draw of moments
        mails, accepted = outcome(study, caught)
    assert killed > KILLS // 2
    assert len(mails) == READERS
    lost = [mail.recipient for mail in mails if not accepted[mail.recipient] and mail.state not in OPEN]
    assert lost == []
    assert [mail.recipient for mail in mails if mail.state == "accepted" and not accepted[mail.recipient]] == []
    assert max(accepted.values()) <= most_copies
    assert Counter(mail.state for mail in mails)["accepted"] > READERS * 0.7
    assert {mail.state for mail in mails} <= {"accepted", "unknown"}
