"""One command for the schedule: what is not current is rendered, queued with the set, and sent."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from cutbook.deliver.outbox import Outbox
from cutbook.parameters.project import Project
from deliver.catcher import Caught, catcher
from deliver.published import person, recipients
from report.fake_project import cutbook, environment_of, errors_of, make_project, put_notebook, write_cut

READER, OPERATOR = "statistician@example.org", "operations@example.org"
PENDING = ("run", "demo", "--pending", "--send")

pytestmark = pytest.mark.slow


@pytest.fixture
def server() -> Iterator[tuple[Caught, int]]:
    with catcher() as running:
        yield running


@pytest.fixture
def project(tmp_path: Path, server: tuple[Caught, int]) -> Project:
    """Return a project with one waiting cut, one small notebook and one reader."""
    project = make_project(tmp_path / "project", ("safety",))
    write(project, server[1])
    return project


def write(project: Project, port: int, **changes: Any) -> None:
    file = recipients(people=[person("Statistician", "statistician")], **changes)
    file["server"] = {**file["server"], "port": str(port)}
    text = yaml.safe_dump(file, allow_unicode=True)
    (project.parameters / "demo" / "recipients.yaml").write_text(text, encoding="utf-8")


def start(project: Project) -> subprocess.Popen[bytes]:
    """Return a run of what waits that has just been started."""
    command = [sys.executable, "-m", "cutbook", *PENDING]
    return subprocess.Popen(
        command,
        cwd=project.root,
        env=environment_of(project),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )


def test_a_new_transfer_is_rendered_and_mailed_once_and_then_there_is_nothing_new(
    project: Project, server: tuple[Caught, int]
) -> None:
    caught, _ = server
    done = cutbook(project, *PENDING)
    assert (done.returncode, errors_of(done)) == (0, [])
    assert caught.recipients() == [READER]
    again = cutbook(project, *PENDING)
    assert (again.returncode, errors_of(again)) == (0, [])
    assert again.stdout.splitlines()[0] == "demo: nothing is pending"
    assert caught.recipients() == [READER]


def test_a_run_of_the_same_revision_again_sends_no_second_mail(project: Project, server: tuple[Caught, int]) -> None:
    caught, _ = server
    assert cutbook(project, *PENDING).returncode == 0
    assert cutbook(project, "run", "demo", "C1").returncode == 0
    assert cutbook(project, "send", "demo", "C1").returncode == 0
    assert cutbook(project, *PENDING).returncode == 0
    assert caught.recipients() == [READER]


def test_a_failed_run_is_told_to_operators_only_and_the_old_report_is_not_mailed_as_new(
    project: Project, server: tuple[Caught, int]
) -> None:
    caught, _ = server
    assert cutbook(project, *PENDING).returncode == 0
    write_cut(project.root, "C1", revision=2)
    put_notebook(project, "safety", "raise ValueError('canary of participant 01-001')")
    done = cutbook(project, *PENDING)
    assert done.returncode == 5
    assert caught.recipients() == [READER, OPERATOR]
    told = caught.accepted[1][1].decode()
    assert "exit code 5" in told
    assert "canary" not in told
    assert "01-001" not in told
    assert cutbook(project, "send", "demo", "C1").returncode == 7
    assert cutbook(project, *PENDING).returncode == 5
    assert caught.recipients() == [READER, OPERATOR]


def test_a_cut_file_that_cannot_be_read_stops_no_other_cut_and_is_told_to_operators_once(
    project: Project, server: tuple[Caught, int]
) -> None:
    caught, _ = server
    (project.parameters / "demo" / "C0.yaml").write_text("cut_id: C0\n<<<<<<< HEAD\n", encoding="utf-8")
    done = cutbook(project, *PENDING)
    assert done.returncode == 2
    (line,) = errors_of(done)
    assert line.startswith("2 parameters/demo/C0.yaml row 2: found the mark '<<<<<<<'")
    assert sorted(caught.recipients()) == [OPERATOR, READER]
    assert any("demo cut C0 failed with exit code 2" in content.decode() for _, content, *_ in caught.accepted)
    assert cutbook(project, *PENDING).returncode == 2
    assert len(caught.accepted) == 2


def test_without_send_the_mails_wait(project: Project, server: tuple[Caught, int]) -> None:
    caught, _ = server
    done = cutbook(project, "run", "demo", "--pending")
    assert done.returncode == 0
    assert done.stdout.splitlines()[-1] == "1 mails wait; send them with cutbook send demo --due"
    assert caught.accepted == []
    assert cutbook(project, "send", "demo", "--due").returncode == 0
    assert caught.recipients() == [READER]


def test_a_faulty_recipients_file_stops_before_anything_is_rendered(
    project: Project, server: tuple[Caught, int]
) -> None:
    write(project, server[1], heartbeat="hourly")
    done = cutbook(project, *PENDING)
    assert done.returncode == 2
    assert not (project.outputs / "demo").exists()


def test_two_runs_at_once_send_one_mail(project: Project, server: tuple[Caught, int]) -> None:
    caught, _ = server
    with start(project) as first, start(project) as second:
        first.communicate(timeout=100)
        second.communicate(timeout=100)
    assert {first.returncode, second.returncode} <= {0, 75}
    assert 0 in {first.returncode, second.returncode}
    assert Counter(caught.recipients())[READER] == 1


def test_a_run_killed_at_random_moments_loses_no_mail(project: Project, server: tuple[Caught, int]) -> None:
    caught, _ = server
    chance = random.Random(20261122)  # noqa: S311 - a seeded draw of moments
    for _ in range(6):
        process = start(project)
        time.sleep(chance.uniform(1.0, 6.0))
        process.send_signal(signal.SIGKILL)
        process.wait()
    done = cutbook(project, *PENDING)
    mails = Outbox(project.outputs).find(kind="report")
    assert [mail.state for mail in mails] in (["accepted"], ["unknown"])
    assert done.returncode == (0 if mails[0].state == "accepted" else 7)
    assert Counter(caught.recipients())[READER] <= 1
