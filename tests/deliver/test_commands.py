"""The commands of delivery, with the exit codes that scripts depend on."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from cutbook.deliver.outbox import Outbox
from cutbook.parameters.project import Project
from deliver.catcher import PASSWORD, USER, Authority, Caught, catcher
from deliver.published import make_project, person, publish, recipients, write_cut, write_recipients

LIB = Path(__file__).resolve().parents[2] / "lib"

pytestmark = pytest.mark.slow


@pytest.fixture
def server() -> Iterator[tuple[Caught, int]]:
    with catcher() as running:
        yield running


def cutbook(project: Project, *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
    """Return what the command line did, run in the project folder."""
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(LIB), "HOME": str(project.root), **more}
    command = [sys.executable, "-m", "cutbook", *arguments]
    return subprocess.run(
        command, cwd=project.root, env=environment, capture_output=True, text=True, timeout=60, check=False
    )


def errors(done: subprocess.CompletedProcess[str]) -> list[str]:
    return [line for line in done.stderr.splitlines() if not line.startswith("warning: Python")]


def listed(project: Project, port: int, **changes: Any) -> None:
    file = recipients(**changes)
    file["server"] = {**file["server"], "port": str(port)}
    write_recipients(project.root, file)


def ledger(project: Project) -> list[dict[str, Any]]:
    text = (project.outputs / "ledger.jsonl").read_text(encoding="utf-8")
    return [json.loads(line) for line in text.splitlines()]


def test_a_published_cut_is_sent_once(study: Project, server: tuple[Caught, int]) -> None:
    caught, port = server
    listed(study, port)
    publish(study.outputs)
    done = cutbook(study, "send", "demo", "C1")
    assert (done.returncode, errors(done)) == (0, [])
    assert [line.split("  ")[1] for line in done.stdout.splitlines()] == ["accepted", "accepted"]
    assert "accepted by the server: 250 kept" in done.stdout
    assert "delivered" not in done.stdout
    again = cutbook(study, "send", "demo", "C1")
    assert (again.returncode, again.stdout) == (0, "")
    assert caught.recipients() == ["monitor@example.org", "statistician@example.org"]
    assert [row["event"] for row in ledger(study)] == ["mail accepted", "mail accepted"]


def test_a_refused_reader_is_named_with_code_7_and_operators_are_told(
    study: Project, server: tuple[Caught, int]
) -> None:
    caught, port = server
    caught.rcpt["monitor@example.org"] = ["550 5.1.1 no such person"]
    listed(study, port)
    publish(study.outputs)
    done = cutbook(study, "send", "demo", "C1")
    assert done.returncode == 7
    (line,) = errors(done)
    assert line.startswith(
        "7 mail 1 key monitor@example.org: found refused: 550 5.1.1 no such person; expected accepted"
    )
    assert cutbook(study, "send", "demo", "C1").returncode == 7
    assert cutbook(study, "send", "demo", "--due").returncode == 0
    assert caught.recipients() == ["statistician@example.org", "operations@example.org"]


def test_a_blinded_reader_is_refused_with_code_4(study: Project, server: tuple[Caught, int]) -> None:
    caught, port = server
    listed(study, port, people=[person("Site", "site")])
    publish(study.outputs)
    done = cutbook(study, "send", "demo", "C1")
    assert done.returncode == 4
    assert errors(done)[0].startswith("4 recipients.yaml key site@example.org: found roles for blinded")
    assert caught.recipients() == ["operations@example.org"]


@pytest.mark.parametrize("address", ["site@example.org", "stranger@example.org"])
def test_a_reader_that_is_meant_and_may_not_is_refused_before_anything_is_read(
    study: Project, server: tuple[Caught, int], address: str
) -> None:
    listed(study, server[1], people=[person("Site", "site")])
    done = cutbook(study, "send", "demo", "C1", "--to", address)
    assert done.returncode == 4
    assert not (study.outputs / "outbox.sqlite").exists()


@pytest.mark.parametrize(
    ("title", "changes"),
    [
        ("A\nBcc: other@example.org", {}),
        ("=?utf-8?q?=0D=0ABcc:_x?=", {}),
        ("Demonstration", {"people": [{**person("Monitor", "monitor"), "name": "A\r\nBcc: x@example.org"}]}),
        ("Demonstration", {"people": [person("Monitor", "monitor", address="a@example.org,b@example.org")]}),
    ],
    ids=["title", "encoded title", "name", "comma"],
)
def test_what_could_change_a_header_is_refused_with_code_2_and_nothing_is_mailed(
    tmp_path: Path, server: tuple[Caught, int], title: str, changes: dict[str, Any]
) -> None:
    caught, port = server
    project = make_project(tmp_path / "other", title=title)
    listed(project, port, **changes)
    publish(project.outputs)
    assert cutbook(project, "send", "demo", "C1").returncode == 2
    assert (caught.commands, caught.accepted) == ([], [])


def test_a_cut_that_is_not_published_as_its_file_says_is_not_sent(study: Project, server: tuple[Caught, int]) -> None:
    caught, port = server
    listed(study, port)
    publish(study.outputs)
    write_cut(study.root, "C1", revision=2)
    done = cutbook(study, "send", "demo", "C1")
    assert done.returncode == 7
    assert errors(done)[0].startswith("7 cut C1: found r1; expected the unblinded set of revision 2")
    assert caught.accepted == []


@pytest.mark.parametrize(
    "arguments",
    [
        ["send", "demo"],
        ["send", "demo", "C1", "--due"],
        ["send", "other", "C1"],
        ["send", "demo", "C9"],
        ["send", "demo", "../x"],
        ["send", "demo", "recipients"],
        ["outbox", "retry"],
        ["outbox", "retry", "1"],
        ["outbox", "hold", "x"],
        ["schedule", "show", "other"],
        ["schedule", "show", "demo", "--every", "7"],
        ["run", "demo", "C1", "--send"],
    ],
)
def test_wrong_usage_is_code_2(study: Project, arguments: list[str]) -> None:
    done = cutbook(study, *arguments)
    assert done.returncode == 2
    assert [line[:2] for line in errors(done)] == ["2 "]


def test_sending_without_a_recipients_file_is_code_2(study: Project) -> None:
    (study.parameters / "demo" / "recipients.yaml").unlink()
    done = cutbook(study, "send", "demo", "C1")
    assert done.returncode == 2
    assert "2 parameters/demo/recipients.yaml: found no such file" in errors(done)[0]


def test_an_unknown_outcome_is_left_to_a_person_who_may_try_again(study: Project, server: tuple[Caught, int]) -> None:
    caught, port = server
    caught.data["monitor@example.org"] = ["drop"]
    listed(study, port, people=[person("Monitor", "monitor")])
    publish(study.outputs)
    assert cutbook(study, "send", "demo", "C1").returncode == 7
    told = cutbook(study, "outbox", "list", "demo").stdout
    assert told.startswith(
        "1  unknown  demo  C1 r1  report  monitor@example.org  no answer after the end of the message"
    )
    assert cutbook(study, "outbox", "retry", "1").returncode == 0
    assert cutbook(study, "send", "demo", "C1").returncode == 0
    assert caught.recipients().count("monitor@example.org") == 2


def test_a_held_mail_stays_and_a_bounced_one_is_noted(study: Project, server: tuple[Caught, int]) -> None:
    caught, port = server
    caught.rcpt["monitor@example.org"] = ["450 4.2.0 later"]
    listed(study, port)
    publish(study.outputs)
    cutbook(study, "send", "demo", "C1")
    assert cutbook(study, "outbox", "hold", "1").returncode == 0
    assert cutbook(study, "outbox", "mark-bounced", "2").returncode == 0
    assert cutbook(study, "send", "demo", "C1").returncode == 7
    assert [mail.state for mail in Outbox(study.outputs).find(kind="report")] == ["held", "bounced"]
    noted = [row["event"] for row in ledger(study) if row["kind"] == "report"]
    assert noted == ["mail pending", "mail accepted", "mail held", "mail bounced"]


def test_an_empty_outbox_says_so(study: Project) -> None:
    assert cutbook(study, "outbox", "list").stdout == "no mail waits\n"
    assert not study.outputs.exists()


def test_the_password_is_in_no_file_no_message_and_no_argument(
    study: Project, authority: Authority, tmp_path: Path
) -> None:
    password = tmp_path / "password"
    password.write_text(PASSWORD, encoding="utf-8")
    password.chmod(0o600)
    with catcher(context=authority.context("command-line")) as (caught, port):
        credentials = {"user": USER, "file": str(password)}
        secure = {"security": "starttls", "ca_file": str(authority.file), "credentials": credentials}
        listed(study, port, server={**recipients()["server"], **secure})
        publish(study.outputs)
        done = cutbook(study, "send", "demo", "C1")
        assert done.returncode == 0
        password.write_text(f"{PASSWORD}x", encoding="utf-8")
        publish(study.outputs, revision=2, run="20261122T055900Z-00000002", results="others")
        write_cut(study.root, "C1", revision=2)
        failed = cutbook(study, "send", "demo", "C1")
    assert (failed.returncode, len(caught.accepted)) == (7, 2)
    told = "".join((done.stdout, done.stderr, failed.stdout, failed.stderr))
    assert PASSWORD not in told
    assert [
        str(file) for file in study.root.rglob("*") if file.is_file() and PASSWORD.encode() in file.read_bytes()
    ] == []


def test_a_server_that_cannot_prove_its_name_is_code_7_without_login_and_mail(
    study: Project, authority: Authority
) -> None:
    with catcher(context=authority.context("command-expired", days=-1)) as (caught, port):
        secure = {"security": "starttls", "ca_file": str(authority.file)}
        listed(study, port, server={**recipients()["server"], **secure})
        publish(study.outputs)
        done = cutbook(study, "send", "demo", "C1")
    assert done.returncode == 7
    assert all("certificate has expired" in line for line in errors(done))
    assert (set(caught.commands), caught.accepted) == ({"STARTTLS"}, [])


@pytest.mark.parametrize("kind", ["systemd", "cron"])
def test_showing_a_schedule_changes_nothing(study: Project, kind: str) -> None:
    before = sorted(study.root.rglob("*"))
    done = cutbook(study, "schedule", "show", "demo", "--with", kind)
    assert done.returncode == 0
    assert "cutbook run demo --pending --send" in done.stdout
    assert sorted(study.root.rglob("*")) == before


def test_a_schedule_is_shown_before_it_is_asked_for(study: Project) -> None:
    done = cutbook(study, "schedule", "install", "demo", "--with", "cron")
    assert done.returncode == 130
    assert done.stdout.startswith("*/5 * * * * ")
    assert "Install this?" in done.stdout


def fake(folder: Path, name: str, script: str) -> Path:
    folder.mkdir(exist_ok=True)
    program = folder / name
    program.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    program.chmod(0o755)
    return program


def test_a_crontab_line_is_installed_once_and_removed_alone(study: Project, tmp_path: Path) -> None:
    table = tmp_path / "table"
    table.write_text("0 1 * * * other\n", encoding="utf-8")
    place = tmp_path / "bin"
    fake(place, "crontab", f'if [ "$1" = -l ]; then cat {table}; else cat > {table}; fi')
    path = f"{place}:{os.environ['PATH']}"
    for _ in range(2):
        assert cutbook(study, "schedule", "install", "demo", "--with", "cron", "--yes", PATH=path).returncode == 0
    assert [line.split("#")[-1] for line in table.read_text(encoding="utf-8").splitlines()] == [
        "0 1 * * * other",
        " cutbook demo",
    ]
    assert cutbook(study, "schedule", "remove", "demo", "--with", "cron", PATH=path).returncode == 0
    assert table.read_text(encoding="utf-8") == "0 1 * * * other\n"


def test_units_are_installed_for_the_account_and_removed(study: Project, tmp_path: Path) -> None:
    calls = tmp_path / "calls"
    place = tmp_path / "bin"
    fake(place, "systemctl", f'echo "$@" >> {calls}')
    path = f"{place}:{os.environ['PATH']}"
    assert cutbook(study, "schedule", "install", "demo", "--yes", PATH=path).returncode == 0
    units = study.root / ".config" / "systemd" / "user"
    assert sorted(file.name for file in units.iterdir()) == ["cutbook-demo.service", "cutbook-demo.timer"]
    assert cutbook(study, "schedule", "remove", "demo", PATH=path).returncode == 0
    assert list(units.iterdir()) == []
    assert calls.read_text(encoding="utf-8").splitlines() == [
        "--user daemon-reload",
        "--user enable --now cutbook-demo.timer",
        "--user disable --now cutbook-demo.timer",
        "--user daemon-reload",
    ]
    assert cutbook(study, "schedule", "remove", "demo", PATH=path).stdout == "demo: no timer is installed\n"
