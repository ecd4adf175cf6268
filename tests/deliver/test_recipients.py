"""Who may get which mail: the reviewed file, and what it refuses."""

from __future__ import annotations

from typing import Any

import pytest

from cutbook.deliver.roles import addressee, addressees, heartbeat_readers, operators
from cutbook.errors import BlindingError, CutbookError, ParameterError
from cutbook.parameters.project import Project, list_cuts
from cutbook.parameters.recipients_file import read_recipients, recipients_file
from deliver.published import person, recipients, write_recipients

TODAY = "2026-11-22"
REPORTS = ["safety", "efficacy"]


def read(project: Project, **changes: Any) -> Any:
    write_recipients(project.root, recipients(**changes))
    return read_recipients(project, "demo")


def faults(project: Project, **changes: Any) -> CutbookError:
    with pytest.raises(CutbookError) as raised:
        read(project, **changes)
    return raised.value


def server(**changes: Any) -> dict[str, Any]:
    return {**recipients()["server"], **changes}


def test_the_recipients_file_is_no_cut(study: Project) -> None:
    assert list_cuts(study, "demo") == ["C1"]


def test_a_role_gives_its_reports_of_its_class(study: Project) -> None:
    found, refused = addressees(read(study), "unblinded", REPORTS, TODAY)
    assert [(reader.address, reader.reports) for reader in found] == [
        ("monitor@example.org", ("safety",)),
        ("statistician@example.org", ("safety", "efficacy")),
    ]
    assert refused == []


def test_a_blinded_reader_is_refused_an_unblinded_report(study: Project) -> None:
    found, refused = addressees(read(study, people=[person("Site", "site")]), "unblinded", REPORTS, TODAY)
    assert found == []
    ((place, found_there, expected),) = [(fault.key, fault.found, fault.expected) for fault in refused]
    assert (place, found_there, expected) == ("site@example.org", "roles for blinded", "a role for unblinded")


def test_an_entry_holds_to_the_end_of_its_last_day(study: Project) -> None:
    file = read(study, people=[person("Monitor", "monitor", expires=TODAY)])
    assert addressee(file, "monitor@example.org", "unblinded", REPORTS, TODAY).reports == ("safety",)
    with pytest.raises(BlindingError, match="expired on 2026-11-22"):
        addressee(file, "monitor@example.org", "unblinded", REPORTS, "2026-11-23")


def test_somebody_who_is_not_in_the_file_is_refused(study: Project) -> None:
    with pytest.raises(BlindingError, match="not in the file"):
        addressee(read(study), "stranger@example.org", "unblinded", REPORTS, TODAY)


@pytest.mark.parametrize(
    "address",
    [
        "monitor+trial@example.org",
        "trial-list@example.org",
        "all@example.org",
        "team.safety@example.org",
        "monitor@elsewhere.org",
        "monitor@example.org.evil.com",
    ],
)
def test_an_address_that_is_not_one_persons_own_is_refused_with_4(study: Project, address: str) -> None:
    error = faults(study, people=[person("Monitor", "monitor", address=address)])
    assert (error.exit_code, len(error.faults)) == (4, 1)


def test_a_role_that_the_file_does_not_have_is_refused_with_4(study: Project) -> None:
    error = faults(study, people=[{**person("Monitor", "monitor"), "roles": ["monitor", "unknown"]}])
    (fault,) = error.faults
    assert (error.exit_code, fault.found, fault.variable) == (4, "'unknown'", "people[0].roles[1]")


@pytest.mark.parametrize("mode", [0o666, 0o602, 0o777])
def test_a_file_that_everyone_can_write_is_refused_with_4(study: Project, mode: int) -> None:
    read(study)
    file = recipients_file(study, "demo")
    file.chmod(mode)
    with pytest.raises(BlindingError, match=f"mode {mode:04o}; expected a file that only its owner and group"):
        read_recipients(study, "demo")
    file.chmod(0o664)
    read_recipients(study, "demo")


@pytest.mark.parametrize("key", ["cc", "Bcc", "reply_to", "Reply-To"])
def test_a_copy_to_somebody_else_is_refused_with_4(study: Project, key: str) -> None:
    assert faults(study, server=server(**{key: "other@example.org"})).exit_code == 4
    assert faults(study, people=[person("Monitor", "monitor", **{key: "other@example.org"})]).exit_code == 4


@pytest.mark.parametrize(
    "address",
    [
        "monitor@example.org,other@example.org",
        "monitor@example.org\nBcc: other@example.org",
        "monitor@example.org%0aBcc:x",
        "Monitor <monitor@example.org>",
        "monitor",
        "monitor@",
        "a b@example.org",
        "mönitor@example.org",
        "",
    ],
)
def test_an_address_that_is_none_is_refused_with_2(study: Project, address: str) -> None:
    assert faults(study, people=[person("Monitor", "monitor", address=address)]).exit_code == 2


@pytest.mark.parametrize(
    "name",
    ["A\r\nBcc: x@example.org", "A\nB", "=?utf-8?q?=0D=0ABcc:_x?=", "A%0d%0aB", "A\u2028B", "A\x00", "A\\nB", ""],
)
def test_a_name_that_could_change_a_header_is_refused_with_2(study: Project, name: str) -> None:
    entry = {**person("Monitor", "monitor"), "name": name}
    assert faults(study, people=[entry]).exit_code == 2
    assert faults(study, server=server(sender_name=name)).exit_code == 2


@pytest.mark.parametrize(
    "changes",
    [
        {"password": "canary-secret"},
        {"server": server(password="canary-secret")},  # noqa: S106 - the canary
        {"server": server(security="starttls", credentials={"user": "u", "password": "canary-secret"})},
        {"server": server(security="starttls", credentials="canary-secret")},
        {"server": server(host="user:canary-secret@example.org", security="starttls")},
        {"base_link": "https://user:canary-secret@example.org/"},
    ],
    ids=["top", "server", "credentials", "credentials as text", "host", "link"],
)
def test_a_secret_in_the_file_is_refused(study: Project, changes: dict[str, Any]) -> None:
    assert faults(study, **changes).exit_code == 2


@pytest.mark.parametrize(
    "changes",
    [
        {"password": "canary-secret"},
        {"server": server(password="canary-secret")},  # noqa: S106 - the canary
        {"server": server(security="starttls", credentials={"user": "u", "password": "canary-secret"})},
        {"server": server(security="starttls", credentials="canary-secret")},
    ],
)
def test_a_secret_in_the_file_is_not_repeated(study: Project, changes: dict[str, Any]) -> None:
    assert "canary-secret" not in str(faults(study, **changes))


@pytest.mark.parametrize(
    "changes",
    [
        {"server": server(credentials={"user": "u", "file": "~/password"})},
        {"server": server(security="starttls", credentials={"user": "u"})},
        {"server": server(port="0")},
        {"server": server(timeout_s="0")},
        {"people": [person("Monitor", "monitor"), person("monitor", "monitor")]},
        {"people": [person("Monitor", "monitor", expires="2026-02-30")]},
        {"people": [person("Monitor", "monitor", expires="")]},
        {"operators": []},
        {"domains": []},
        {"roles": {"monitor": {"classes": [], "reports": ["safety"]}}},
    ],
)
def test_a_file_that_does_not_hold_together_is_refused_with_2(study: Project, changes: dict[str, Any]) -> None:
    assert faults(study, **changes).exit_code == 2


def test_all_faults_are_told_at_once(study: Project) -> None:
    error = faults(study, server=server(port="0"), heartbeat="hourly", people=[person("Monitor", "m", address="x")])
    assert isinstance(error, ParameterError)
    assert {fault.variable for fault in error.faults} == {"server.port", "people[0].address", "heartbeat"}
    assert [fault.row for fault in error.faults] == sorted(fault.row or 0 for fault in error.faults)


def test_values_that_yaml_would_change_stay_text(study: Project) -> None:
    file = read(study, reviewed_by="NO")
    assert file.reviewed_by == "NO"


def test_operators_whose_entry_ended_are_told_nothing(study: Project) -> None:
    assert operators(read(study), "2028-01-01") == []
    assert heartbeat_readers(read(study), TODAY) == ["operations@example.org", "statistician@example.org"]


def test_the_file_of_the_virtual_trial_is_valid(project: Any) -> None:
    file = read_recipients(Project(project), "tofersen")
    assert file.server.security == "none"
    assert {kind for role in file.roles.values() for kind in role.classes} == {"blinded", "unblinded"}
