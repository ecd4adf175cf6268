"""Mails are queued with the set they announce, however the run that publishes it ends."""

from __future__ import annotations

import shutil
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pytest

from cutbook.deliver.corrections import decide
from cutbook.deliver.dispatch import Dispatch
from cutbook.deliver.message.notices import queue_failure, queue_heartbeat
from cutbook.deliver.outbox import Outbox
from cutbook.deliver.queueing import age, announce_set, current_or_refuse, enqueue, reconcile, refused_readers
from cutbook.errors import BlindingError, DeliveryError, ParameterError
from cutbook.parameters.project import Project
from cutbook.published.sets import current_set
from deliver.published import Clock, dispatch, person, publish, recipients, write_recipients, write_set

RUN = "20261122T050000Z-00000001"
NAME = f"unblinded-r1-{RUN}"


def states(here: Dispatch) -> list[tuple[str, str]]:
    return [(mail.recipient.partition("@")[0], mail.state) for mail in here.outbox.find()]


def finish(here: Dispatch, run: str = RUN, **values: Any) -> Path:
    """Return the folder of a set that a run has finished and not published yet."""
    folder = here.outputs / ".work" / run / "set"
    write_set(folder, **values)
    return folder


def move(here: Dispatch, finished: Path, name: str = NAME) -> None:
    """Publish a finished set."""
    place = here.outputs / "demo" / "C1"
    (place / "revisions").mkdir(parents=True, exist_ok=True)
    finished.rename(place / "revisions" / name)
    (place / "unblinded").unlink(missing_ok=True)
    (place / "unblinded").symlink_to(f"revisions/{name}")


@pytest.fixture
def here(study: Project) -> Dispatch:
    return dispatch(study)


def test_mails_are_prepared_before_a_set_is_published_and_queued_after(here: Dispatch) -> None:
    finished = finish(here)
    with announce_set(here, finished, NAME):
        assert states(here) == [("monitor", "prepared"), ("statistician", "prepared")]
        move(here, finished)
    assert states(here) == [("monitor", "pending"), ("statistician", "pending")]
    assert all(here.outbox.message(mail) for mail in here.outbox.find())


def test_a_set_that_could_not_be_published_leaves_no_mail(here: Dispatch) -> None:
    finished = finish(here)
    with pytest.raises(OSError, match="disk full"), announce_set(here, finished, NAME):
        raise OSError("disk full")
    assert states(here) == []


def test_a_set_that_cannot_be_announced_is_not_published(here: Dispatch) -> None:
    finished = finish(here)
    (finished / "safety.headline.json").write_text("{}", encoding="utf-8")
    with pytest.raises(DeliveryError), announce_set(here, finished, NAME):
        move(here, finished)
    assert not (here.outputs / "demo").exists()


def test_a_set_that_lacks_a_report_is_not_announced(here: Dispatch) -> None:
    with announce_set(here, finish(here, is_complete=False), NAME):
        assert states(here) == []


def test_a_crash_before_publishing_leaves_nothing_to_be_sent(here: Dispatch) -> None:
    killed = _prepare_and_crash(here, is_moved=False)
    assert reconcile(here, {"C1": 1}) == []
    assert states(here) == [("monitor", "prepared"), ("statistician", "prepared")]
    shutil.rmtree(here.outputs / ".work")
    assert reconcile(here, {"C1": 1}) == []
    assert states(here) == []
    assert killed is not None


def test_a_crash_after_publishing_loses_no_mail(here: Dispatch) -> None:
    killed = _prepare_and_crash(here, is_moved=True)
    assert reconcile(here, {"C1": 1}) == []
    assert states(here) == [("monitor", "pending"), ("statistician", "pending")]
    assert killed is not None


def _prepare_and_crash(here: Dispatch, *, is_moved: bool) -> AbstractContextManager[None]:
    """Return a context that never ends, after doing what a run does up to the moment at which it is killed."""
    finished = finish(here)
    context = announce_set(here, finished, NAME)
    context.__enter__()
    if is_moved:
        move(here, finished)
    return context


def test_a_set_that_nobody_announced_is_found(here: Dispatch) -> None:
    publish(here.outputs)
    assert reconcile(here, {"C1": 1}) == []
    assert reconcile(here, {"C1": 1}) == []
    assert states(here) == [("monitor", "pending"), ("statistician", "pending")]


def test_a_set_of_another_revision_than_the_cut_file_asks_for_is_no_news(here: Dispatch) -> None:
    publish(here.outputs)
    assert reconcile(here, {"C1": 2}) == []
    assert states(here) == []
    with pytest.raises(DeliveryError, match="found r1; expected the unblinded set of revision 2; cutbook run demo C1"):
        current_or_refuse(here, "C1", "unblinded", 2)


def test_a_set_older_than_the_start_of_mailing_is_sent_on_request_only(study: Project) -> None:
    write_recipients(study.root, recipients(starts="2026-11-23"))
    here = dispatch(study)
    publish(here.outputs)
    assert reconcile(here, {"C1": 1}) == []
    assert states(here) == []
    assert enqueue(here, current_or_refuse(here, "C1", "unblinded", 1)) == []
    assert len(states(here)) == 2


def test_the_same_results_rendered_again_are_no_news(here: Dispatch) -> None:
    publish(here.outputs)
    reconcile(here, {"C1": 1})
    publish(here.outputs, run="20261122T055900Z-00000002")
    assert reconcile(here, {"C1": 1}) == []
    assert enqueue(here, current_or_refuse(here, "C1", "unblinded", 1)) == []
    assert len(states(here)) == 2


def test_a_new_revision_is_news(here: Dispatch) -> None:
    publish(here.outputs)
    reconcile(here, {"C1": 1})
    publish(here.outputs, revision=2, run="20261122T055900Z-00000002", results="others")
    reconcile(here, {"C1": 2})
    assert [(mail.recipient.partition("@")[0], mail.revision) for mail in here.outbox.find()] == [
        ("monitor", 1),
        ("statistician", 1),
        ("monitor", 2),
        ("statistician", 2),
    ]


def test_somebody_who_joins_later_is_sent_a_cut_on_request(study: Project) -> None:
    write_recipients(study.root, recipients(people=[person("Monitor", "monitor")]))
    here = dispatch(study)
    publish(here.outputs)
    reconcile(here, {"C1": 1})
    write_recipients(study.root, recipients())
    later = dispatch(study)
    reconcile(later, {"C1": 1})
    assert len(states(later)) == 1
    enqueue(later, current_or_refuse(later, "C1", "unblinded", 1))
    assert len(states(later)) == 2


def test_a_blinded_reader_is_named_and_the_others_are_queued(study: Project) -> None:
    write_recipients(study.root, recipients(people=[person("Monitor", "monitor"), person("Site", "site")]))
    here = dispatch(study)
    publish(here.outputs)
    (error,) = enqueue(here, current_or_refuse(here, "C1", "unblinded", 1))
    assert isinstance(error, BlindingError)
    assert [fault.key for fault in error.faults] == ["site@example.org"]
    assert states(here) == [("monitor", "pending")]
    assert len(refused_readers(here, "unblinded", ["safety"])) == 1


def test_one_reader_can_be_meant(here: Dispatch) -> None:
    publish(here.outputs)
    enqueue(here, current_or_refuse(here, "C1", "unblinded", 1), "Statistician@example.org")
    assert states(here) == [("statistician", "pending")]


def test_a_role_for_signals_hears_of_signals_only(study: Project) -> None:
    listed = recipients()
    listed["roles"]["monitor"]["mails"] = "signals"
    write_recipients(study.root, listed)
    here = dispatch(study)
    publish(here.outputs, changes={"signals": []})
    reconcile(here, {"C1": 1})
    assert states(here) == [("statistician", "pending")]
    publish(here.outputs, revision=2, run="20261122T055900Z-00000002", results="others")
    reconcile(here, {"C1": 2})
    assert states(here)[1:] == [("monitor", "pending"), ("statistician", "pending")]


def test_a_mail_that_would_name_a_participant_stays_in_the_outbox_as_refused(here: Dispatch) -> None:
    publish(here.outputs, changes={"completeness": ["TOF-001-0007 is late."]})
    errors = reconcile(here, {"C1": 1})
    assert [error.exit_code for error in errors] == [4, 4]
    assert states(here) == [("monitor", "refused"), ("statistician", "refused")]


def test_an_outbox_that_is_no_database_is_a_fault_of_delivery(here: Dispatch) -> None:
    (here.outputs / "outbox.sqlite").write_text("no database, and long enough to be looked at", encoding="utf-8")
    with pytest.raises(DeliveryError, match=r"outbox\.sqlite: found file is not a database") as told:
        states(here)
    assert told.value.exit_code == 7


def test_an_outbox_that_cannot_be_opened_is_a_fault_of_delivery(here: Dispatch) -> None:
    (here.outputs / "outbox.sqlite").mkdir()
    with pytest.raises(DeliveryError, match=r"outbox\.sqlite: found unable to open database file"):
        states(here)


def test_the_heartbeat_comes_once_a_day_to_those_who_want_it(study: Project) -> None:
    clock = Clock()
    here = dispatch(study, clock)
    assert (queue_heartbeat(here), queue_heartbeat(here)) == (2, 0)
    assert [mail.recipient for mail in here.outbox.find()] == ["operations@example.org", "statistician@example.org"]
    clock.time = "2026-11-23T00:00:00Z"
    assert queue_heartbeat(here) == 2


@pytest.mark.parametrize(("often", "counts"), [("weekly", [2, 0, 2]), ("no", [0, 0, 0])])
def test_the_heartbeat_is_as_often_as_the_file_says(study: Project, often: str, counts: list[int]) -> None:
    write_recipients(study.root, recipients(heartbeat=often))
    clock = Clock()
    here = dispatch(study, clock)
    told = []
    for day in ("2026-11-17", "2026-11-22", "2026-11-23"):
        clock.time = f"{day}T06:00:00Z"
        told.append(queue_heartbeat(here))
    assert told == counts


def test_a_report_of_the_day_stands_for_the_heartbeat(here: Dispatch) -> None:
    publish(here.outputs)
    reconcile(here, {"C1": 1})
    assert queue_heartbeat(here) == 0


def test_a_failure_is_told_to_operators_once_a_day_and_cause_without_data(here: Dispatch) -> None:
    assert queue_failure(here, "C1", 5, "failed/20261122T050000Z-00000001") == 1
    assert queue_failure(here, "C1", 5, "failed/20261122T050500Z-00000002") == 0
    assert queue_failure(here, "C1", 3) == 1
    (mail, _) = here.outbox.find()
    words = here.outbox.message(mail).decode()
    assert mail.recipient == "operations@example.org"
    assert "FAILED" in words
    assert "No reader was told" in words


@pytest.mark.parametrize(
    ("decision", "before", "after"),
    [
        ("retry", "unknown", "pending"),
        ("retry", "refused", "pending"),
        ("retry", "bounced", "pending"),
        ("hold", "pending", "held"),
        ("mark-bounced", "accepted", "bounced"),
    ],
)
def test_a_person_decides_about_a_mail(here: Dispatch, decision: Any, before: Any, after: str) -> None:
    publish(here.outputs)
    reconcile(here, {"C1": 1})
    first = here.outbox.find()[0]
    here.outbox.change(first, state=before)
    (mail,) = decide(here.outbox, decision, (first.id,), "2026-11-23T00:00:00Z", "somebody")
    assert (mail.state, mail.reason) == (after, f"{decision} by somebody")
    assert here.outbox.find()[0].state == after


@pytest.mark.parametrize(
    ("decision", "state"),
    [("retry", "accepted"), ("hold", "accepted"), ("mark-bounced", "refused"), ("retry", "sending")],
)
def test_a_decision_that_the_state_does_not_allow_changes_nothing(here: Dispatch, decision: Any, state: Any) -> None:
    publish(here.outputs)
    reconcile(here, {"C1": 1})
    first, second = here.outbox.find()
    here.outbox.change(first, state=state)
    with pytest.raises(ParameterError):
        decide(here.outbox, decision, (second.id, first.id, 99), "2026-11-23T00:00:00Z", "somebody")
    assert [mail.state for mail in here.outbox.find()] == [state, "pending"]


def test_looking_at_an_outbox_that_is_not_there_makes_none(tmp_path: Path) -> None:
    assert Outbox(tmp_path).find() == []
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("since", "words"),
    [("2026-11-22T05:00:00Z", "60 minutes"), ("2026-11-22T04:00:00Z", "2 hours"), ("2026-11-18T06:00:00Z", "4 days")],
)
def test_the_age_of_a_mail_is_told_in_words(since: str, words: str) -> None:
    assert age(since, "2026-11-22T06:00:00Z") == words


def test_a_link_to_nothing_is_no_set(here: Dispatch) -> None:
    folder = here.outputs / "demo" / "C1"
    folder.mkdir(parents=True)
    (folder / "unblinded").symlink_to("revisions/none")
    assert current_set(here.outputs, "demo", "C1", "unblinded") is None
