"""The fault battery: a real SMTP server that refuses, delays and hangs up."""

from __future__ import annotations

import email
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from cutbook.deliver.dispatch import Dispatch
from cutbook.deliver.outbox import Mail
from cutbook.deliver.queueing import enqueue, reconcile
from cutbook.deliver.sending import only_sender, send_due
from cutbook.errors import BlindingError, BusyError
from cutbook.parameters.project import Project
from cutbook.published.sets import current_set
from deliver.catcher import Caught, catcher
from deliver.published import Clock, dispatch, person, publish, recipients, write_recipients

BOTH = ["monitor@example.org", "statistician@example.org"]
DROPPED = "drop"


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def server() -> Iterator[tuple[Caught, int]]:
    with catcher() as running:
        yield running


def queue(project: Project, clock: Clock, port: int, audience: str = "unblinded", **changes: object) -> Dispatch:
    """Return the dispatch after the set of C1 was queued for the server on a port."""
    listed = recipients(**changes)
    listed["server"]["port"] = str(port)
    listed["roles"]["monitor"]["classes"] = [audience]
    listed["roles"]["statistician"]["classes"] = [audience]
    write_recipients(project.root, listed)
    here = dispatch(project, clock)
    publish(here.outputs, audience=audience)
    published = current_set(here.outputs, "demo", "C1", audience)
    assert published is not None
    assert enqueue(here, published) == []
    return here


def states(here: Dispatch) -> list[tuple[str, str]]:
    return [(mail.recipient, mail.state) for mail in here.outbox.find()]


def ledger(here: Dispatch) -> list[dict[str, object]]:
    file = here.outputs / "ledger.jsonl"
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]


def test_every_reader_gets_one_mail_of_their_own(study: Project, clock: Clock, server: tuple[Caught, int]) -> None:
    caught, port = server
    here = queue(study, clock, port)
    sent = send_due(here)
    assert [mail.state for mail in sent.mails] == ["accepted", "accepted"]
    assert caught.recipients() == BOTH
    assert [email.message_from_bytes(content)["To"] for _, content in caught.accepted] == [
        "Monitor <monitor@example.org>",
        "Statistician <statistician@example.org>",
    ]


def test_the_stored_bytes_are_what_the_server_gets(study: Project, clock: Clock, server: tuple[Caught, int]) -> None:
    caught, port = server
    here = queue(study, clock, port)
    stored = [here.outbox.message(mail) for mail in here.outbox.find()]
    send_due(here)
    assert [content for _, content in caught.accepted] == stored


def test_a_receipt_is_a_row_of_the_ledger(study: Project, clock: Clock, server: tuple[Caught, int]) -> None:
    here = queue(study, clock, server[1])
    send_due(here)
    rows = [row for row in ledger(here) if row["event"] == "mail accepted"]
    assert [(row["recipient"], row["cut"], row["revision"]) for row in rows] == [(name, "C1", 1) for name in BOTH]
    assert all(str(row["reason"]).startswith("accepted by the server: 250") for row in rows)
    assert "demo-C1-r1-safety.html" in str(rows[0]["attachments"])


def test_sending_twice_sends_once(study: Project, clock: Clock, server: tuple[Caught, int]) -> None:
    caught, port = server
    here = queue(study, clock, port)
    send_due(here)
    assert send_due(here).mails == ()
    assert caught.recipients() == BOTH


def test_one_refused_of_two_leaves_the_other_alone(study: Project, clock: Clock, server: tuple[Caught, int]) -> None:
    caught, port = server
    caught.rcpt["monitor@example.org"] = ["550 5.1.1 no such person"]
    here = queue(study, clock, port)
    send_due(here)
    assert states(here) == [("monitor@example.org", "refused"), ("statistician@example.org", "accepted")]
    assert here.outbox.find(("refused",))[0].reason == "550 5.1.1 no such person"


def test_a_deferral_is_tried_again_later_for_that_reader_only(
    study: Project, clock: Clock, server: tuple[Caught, int]
) -> None:
    caught, port = server
    caught.rcpt["monitor@example.org"] = ["450 4.2.0 greylisted"]
    here = queue(study, clock, port)
    send_due(here)
    assert states(here) == [("monitor@example.org", "pending"), ("statistician@example.org", "accepted")]
    assert here.outbox.find(("pending",))[0].next_attempt == "2026-11-22T06:01:00Z"
    assert send_due(here).mails == ()
    clock.time = "2026-11-22T06:01:00Z"
    send_due(here)
    assert caught.recipients() == ["statistician@example.org", "monitor@example.org"]


def test_the_delay_doubles_up_to_four_hours(study: Project, clock: Clock, server: tuple[Caught, int]) -> None:
    caught, port = server
    caught.rcpt["monitor@example.org"] = ["450 4.2.0 busy"] * 12
    here = queue(study, clock, port, people=[person("Monitor", "monitor")])
    waits = []
    for _ in range(12):
        before = clock.time
        (mail,) = send_due(here).mails
        waits.append(_minutes(before, mail.next_attempt))
        clock.time = mail.next_attempt
    assert waits == [1, 2, 4, 8, 16, 32, 64, 128, 240, 240, 240, 240]


def test_a_mail_queued_while_the_clock_was_wrong_goes_out_now(
    study: Project, clock: Clock, server: tuple[Caught, int]
) -> None:
    caught, port = server
    now, clock.time = clock.time, "2036-11-22T06:00:00Z"
    here = queue(study, clock, port, people=[person("Monitor", "monitor", expires="2037-01-01")])
    assert here.outbox.find(("pending",))[0].next_attempt > "2036"
    clock.time = now
    send_due(here)
    assert caught.recipients() == ["monitor@example.org"]


def _minutes(start: str, end: str) -> int:
    from datetime import datetime

    return int((datetime.fromisoformat(end) - datetime.fromisoformat(start)).total_seconds()) // 60


def test_a_temporary_failure_after_the_message_is_tried_again(
    study: Project, clock: Clock, server: tuple[Caught, int]
) -> None:
    caught, port = server
    caught.data["monitor@example.org"] = ["451 4.3.0 local error"]
    here = queue(study, clock, port)
    send_due(here)
    clock.time = "2026-11-22T07:00:00Z"
    send_due(here)
    assert caught.recipients() == ["statistician@example.org", "monitor@example.org"]


def test_a_message_found_too_large_is_followed_by_one_without_attachments(
    study: Project, clock: Clock, server: tuple[Caught, int]
) -> None:
    caught, port = server
    caught.data["monitor@example.org"] = ["552 5.3.4 too large"]
    here = queue(study, clock, port, people=[person("Monitor", "monitor")])
    sent = send_due(here)
    assert [(mail.kind, mail.state) for mail in sent.mails] == [("report", "refused"), ("notice", "accepted")]
    ((_, content),) = caught.accepted
    told = email.message_from_bytes(content)
    assert [part.get_filename() for part in told.walk() if part.get_content_disposition() == "attachment"] == []
    assert "too large for your mail server" in _text(told)


def _text(message: email.message.Message) -> str:
    part = next(part for part in message.walk() if part.get_content_type() == "text/plain")
    return part.get_payload(decode=True).decode()


def test_a_connection_that_breaks_inside_the_message_is_tried_again_and_stored_once(
    study: Project, clock: Clock, server: tuple[Caught, int]
) -> None:
    caught, port = server
    caught.data["monitor@example.org"] = ["drop early"]
    here = queue(study, clock, port, people=[person("Monitor", "monitor")])
    (mail,) = send_due(here).mails
    assert (mail.state, mail.unknowns) == ("pending", 0)
    clock.time = mail.next_attempt
    send_due(here)
    assert caught.recipients() == ["monitor@example.org"]


def test_a_lost_answer_leaves_an_unblinded_mail_to_a_person(
    study: Project, clock: Clock, server: tuple[Caught, int]
) -> None:
    caught, port = server
    caught.data["monitor@example.org"] = [DROPPED]
    here = queue(study, clock, port, people=[person("Monitor", "monitor")])
    (mail,) = send_due(here).mails
    assert mail.state == "unknown"
    clock.time = "2026-11-23T06:00:00Z"
    assert send_due(here).mails == ()
    assert caught.recipients() == ["monitor@example.org"]


def test_a_lost_answer_sends_a_blinded_mail_once_more_and_no_further(
    study: Project, clock: Clock, server: tuple[Caught, int]
) -> None:
    caught, port = server
    caught.data["monitor@example.org"] = [DROPPED, DROPPED]
    here = queue(study, clock, port, "blinded", people=[person("Monitor", "monitor")])
    for hour in ("06", "07", "08", "09"):
        clock.time = f"2026-11-22T{hour}:30:00Z"
        send_due(here)
    assert caught.recipients() == ["monitor@example.org"] * 2
    assert states(here) == [("monitor@example.org", "unknown")]
    assert caught.accepted[0][1] == caught.accepted[1][1]


def test_a_server_that_is_away_delays_all_and_is_asked_once(study: Project, clock: Clock) -> None:
    with catcher() as (_, port):
        pass
    here = queue(study, clock, port)
    sent = send_due(here)
    assert [(mail.state, mail.attempts) for mail in sent.mails] == [("pending", 1), ("pending", 0)]
    assert sent.mails[0].reason == "no conversation with the server (ConnectionRefusedError)"


def test_two_senders_do_not_work_at_once(study: Project, clock: Clock, server: tuple[Caught, int]) -> None:
    caught, port = server
    here = queue(study, clock, port)
    with only_sender(here.outputs), pytest.raises(BusyError):
        send_due(here)
    assert caught.accepted == []


def test_a_role_that_ended_since_is_refused_at_sending(
    study: Project, clock: Clock, server: tuple[Caught, int]
) -> None:
    caught, port = server
    queue(study, clock, port)
    clock.time = "2028-01-01T00:00:00Z"
    sent = send_due(dispatch(study, clock))
    assert [type(error) for error in sent.errors] == [BlindingError, BlindingError]
    assert [mail.state for mail in sent.mails] == ["refused", "refused"]
    assert caught.commands == []


def test_a_class_that_was_taken_from_a_role_since_is_refused_at_sending(
    study: Project, clock: Clock, server: tuple[Caught, int]
) -> None:
    caught, port = server
    queue(study, clock, port)
    listed = recipients()
    listed["server"]["port"] = str(port)
    listed["roles"]["monitor"]["classes"] = ["blinded"]
    write_recipients(study.root, listed)
    send_due(dispatch(study, clock))
    assert caught.recipients() == ["statistician@example.org"]


def test_results_queued_before_the_policy_forbade_them_are_not_sent(
    study: Project, clock: Clock, server: tuple[Caught, int]
) -> None:
    caught, port = server
    queue(study, clock, port)
    listed = recipients(unblinded_mail="location")
    listed["server"]["port"] = str(port)
    write_recipients(study.root, listed)
    sent = send_due(dispatch(study, clock))
    assert [mail.state for mail in sent.mails] == ["refused", "refused"]
    assert caught.accepted == []


def test_a_mail_about_a_set_that_was_replaced_is_not_sent(
    study: Project, clock: Clock, server: tuple[Caught, int]
) -> None:
    caught, port = server
    here = queue(study, clock, port)
    publish(here.outputs, revision=2, run="20261122T055900Z-00000002", results="others")
    sent = send_due(here)
    assert [mail.state for mail in sent.mails] == ["superseded", "superseded"]
    assert caught.accepted == []


def test_a_mail_about_a_page_that_was_rendered_again_with_the_same_results_gives_way_to_one_about_the_new_page(
    study: Project, clock: Clock, server: tuple[Caught, int]
) -> None:
    caught, port = server
    here = queue(study, clock, port, people=[person("Monitor", "monitor")])
    folder = publish(here.outputs, run="20261122T055900Z-00000002", changes={"line": "As rendered again."})
    sent = send_due(here)
    assert [(mail.state, mail.reason) for mail in sent.mails] == [
        ("superseded", "another set is current now; its mail takes this one's place")
    ]
    assert (caught.accepted, sent.errors) == ([], ())
    (mail,) = send_due(here).mails
    assert (mail.state, mail.set_name) == ("accepted", folder.name)
    assert caught.recipients() == ["monitor@example.org"]
    assert send_due(here).mails == ()


@pytest.mark.parametrize("is_deleted", [False, True])
def test_a_mail_is_not_sent_when_what_lies_beside_its_page_is_not_as_published(
    study: Project, clock: Clock, server: tuple[Caught, int], is_deleted: bool
) -> None:
    caught, port = server
    here = queue(study, clock, port, people=[person("Monitor", "monitor")])
    folder = publish(here.outputs, run="20261122T055900Z-00000002", beside="<p>tables</p>")
    send_due(here)
    file = folder / "safety.tables.html"
    file.unlink() if is_deleted else file.write_text("other")
    (mail,) = send_due(here).mails
    assert mail.reason.startswith("withdrawn: safety.html was changed")
    assert caught.accepted == []


@pytest.mark.parametrize(
    ("is_deleted", "reason"),
    [
        (False, "withdrawn: safety.html was changed after the mail was queued"),
        (True, "withdrawn: safety.html was deleted after the mail was queued"),
    ],
)
def test_a_mail_about_a_page_that_was_changed_or_deleted_is_withdrawn_until_the_page_is_published_again(
    study: Project, clock: Clock, server: tuple[Caught, int], is_deleted: bool, reason: str
) -> None:
    caught, port = server
    here = queue(study, clock, port)
    page = here.outputs / "demo/C1/unblinded/safety.html"
    page.unlink() if is_deleted else page.write_text("another page", encoding="utf-8")
    sent = send_due(here)
    assert [(mail.state, mail.reason) for mail in sent.mails] == [("superseded", reason)] * 2
    assert {error.exit_code for error in sent.errors} == {7}
    assert caught.accepted == []
    assert send_due(here).mails == ()
    publish(here.outputs, run="20261122T055900Z-00000002")
    assert reconcile(here, {"C1": 1}) == []
    assert [mail.state for mail in send_due(here).mails] == ["accepted", "accepted"]
    assert sorted(caught.recipients()) == BOTH


def test_a_mail_about_a_set_that_is_not_published_any_more_is_withdrawn(
    study: Project, clock: Clock, server: tuple[Caught, int]
) -> None:
    caught, port = server
    here = queue(study, clock, port)
    (here.outputs / "demo/C1/unblinded").unlink()
    sent = send_due(here)
    assert {mail.reason for mail in sent.mails} == {"withdrawn: no set of the cut is published any more"}
    assert caught.accepted == []


def test_a_page_of_another_report_that_was_changed_keeps_no_mail_back(
    study: Project, clock: Clock, server: tuple[Caught, int]
) -> None:
    caught, port = server
    here = queue(study, clock, port)
    (here.outputs / "demo/C1/unblinded/efficacy.html").write_text("another page", encoding="utf-8")
    send_due(here)
    assert caught.recipients() == ["monitor@example.org"]


def test_a_damaged_set_holds_up_its_own_mails_only(study: Project, clock: Clock, server: tuple[Caught, int]) -> None:
    caught, port = server
    here = queue(study, clock, port)
    publish(here.outputs, "C2")
    published = current_set(here.outputs, "demo", "C2", "unblinded")
    assert published is not None
    enqueue(here, published)
    (here.outputs / "demo/C1/unblinded/manifest.json").write_text("{}", encoding="utf-8")
    sent = send_due(here)
    assert [error.exit_code for error in sent.errors] == [7, 7]
    assert [(mail.cut, mail.state) for mail in sent.mails] == [("C2", "accepted"), ("C2", "accepted")]
    assert len(here.outbox.find(("pending",), cut="C1")) == 2
    assert caught.recipients() == BOTH


def test_a_receipt_that_a_crash_kept_out_of_the_ledger_is_written_the_next_time(
    study: Project, clock: Clock, server: tuple[Caught, int]
) -> None:
    here = queue(study, clock, server[1], people=[person("Monitor", "monitor")])
    (mail,) = here.outbox.find()
    here.outbox.change(mail, state="accepted", reason="accepted by the server: 250 kept")
    send_due(here)
    assert [row["event"] for row in ledger(here)] == ["mail accepted"]


def test_the_outbox_is_for_its_owner_only(study: Project, clock: Clock) -> None:
    here = queue(study, clock, 8025)
    assert [Path(here.outputs / name).stat().st_mode & 0o777 for name in ("outbox.sqlite",)] == [0o600]


def test_a_mail_that_somebody_holds_is_not_changed_by_what_was_read_before(study: Project, clock: Clock) -> None:
    here = queue(study, clock, 8025, people=[person("Monitor", "monitor")])
    (read,) = here.outbox.find()
    here.outbox.change(read, state="held")
    here.outbox.change(read, state="accepted")
    assert [mail.state for mail in here.outbox.find()] == ["held"]
    assert isinstance(read, Mail)
