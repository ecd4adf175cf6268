"""From the command line through Postfix into a Maildir, and the mail opened in a browser."""

from __future__ import annotations

import email
import email.policy
import os
import pwd
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from pathlib import Path

import pytest

from cutbook.parameters.project import Project
from deliver.catcher import Authority, free_port
from deliver.published import person, publish, recipients, write_recipients
from deliver.test_commands import cutbook

MAIN = """\
compatibility_level = 3.6
queue_directory = {root}/queue
data_directory = {root}/data
mail_owner = postfix
setgid_group = postdrop
command_directory = /usr/sbin
daemon_directory = /usr/lib/postfix/sbin
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
myhostname = localhost
mydestination =
mynetworks = 127.0.0.0/8
virtual_mailbox_domains = example.org
virtual_mailbox_base = {root}/mail
virtual_mailbox_maps = static:inbox/
virtual_uid_maps = static:{user}
virtual_gid_maps = static:{group}
virtual_minimum_uid = 1
smtpd_tls_security_level = encrypt
smtpd_tls_chain_files = {certificate}
smtpd_relay_restrictions = reject_unauth_destination
smtpd_reject_unlisted_recipient = no
message_size_limit = 30000000
virtual_mailbox_limit = 0
maillog_file = {root}/log/postfix.log
maillog_file_prefixes = {root}
"""


def _missing() -> str:
    """Return why Postfix cannot be run here; empty when it can."""
    if shutil.which("postfix", path="/usr/sbin:/usr/bin") is None:
        return "Postfix is not installed (apt-get install postfix)"
    if os.geteuid() != 0:
        return "Postfix is started by root only"
    return ""


@contextmanager
def postfix(root: Path, certificate: Path) -> Iterator[tuple[Path, int]]:
    """Yield the Maildir and the port of a Postfix of its own configuration and queue."""
    port = free_port()
    account = pwd.getpwnam("postfix")
    for name in ("config", "queue", "data", "mail", "log"):
        (root / name).mkdir(mode=0o755)
    for name in ("data", "mail"):
        os.chown(root / name, account.pw_uid, account.pw_gid)
    shutil.copy(certificate, root / "config" / "server.pem")
    settings = {"root": root, "user": account.pw_uid, "group": account.pw_gid}
    text = MAIN.format(**settings, certificate=root / "config" / "server.pem")
    (root / "config" / "main.cf").write_text(text, encoding="utf-8")
    services = Path("/usr/share/postfix/master.cf.dist").read_text(encoding="utf-8")
    lines = [line for line in services.splitlines() if line and not line.startswith(("#", " ", "smtp "))]
    own = f"127.0.0.1:{port} inet n - n - - smtpd"
    private = [" ".join([*line.split()[:4], "n", *line.split()[5:]]) for line in lines]
    (root / "config" / "master.cf").write_text("\n".join([own, *private]) + "\n", encoding="utf-8")
    command = ["/usr/sbin/postfix", "-c", str(root / "config")]
    subprocess.run([*command, "start"], check=True, capture_output=True, timeout=60)
    try:
        yield root / "mail" / "inbox" / "new", port
    finally:
        subprocess.run([*command, "stop"], check=True, capture_output=True, timeout=60)


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """Yield a folder that the account of Postfix can reach."""
    with tempfile.TemporaryDirectory(prefix="postfix-", dir="/tmp") as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)


def wait_for(folder: Path, count: int) -> list[Path]:
    """Return the files of a folder once there are as many as are waited for."""
    end = time.monotonic() + 30
    while time.monotonic() < end:
        found = sorted(folder.glob("*")) if folder.is_dir() else []
        if len(found) >= count:
            return found
        time.sleep(0.1)
    return []


@pytest.mark.slow
@pytest.mark.skipif(_missing() != "" and not os.environ.get("CI"), reason=_missing() or "Postfix is there")
def test_a_published_cut_reaches_a_mailbox_through_postfix(
    study: Project, authority: Authority, open_folder: Path
) -> None:
    with postfix(open_folder, authority.files("postfix")) as (inbox, port):
        file = recipients(people=[person("Monitor", "monitor")])
        file["server"] |= {"port": str(port), "security": "starttls", "ca_file": str(authority.file)}
        write_recipients(study.root, file)
        publish(study.outputs)
        done = cutbook(study, "send", "demo", "C1")
        assert (done.returncode, done.stderr.count("\n7 ")) == (0, 0)
        (kept,) = wait_for(inbox, 1)
        message = email.message_from_bytes(kept.read_bytes(), policy=email.policy.default)
    assert isinstance(message, EmailMessage)
    assert message["Delivered-To"] == "monitor@example.org"
    assert "with ESMTPS id" in str(message["Received"])
    assert message["Subject"] == "Demo C1: 1 signal · UNBLINDED · synthetic"
    (attached,) = message.iter_attachments()
    assert attached.get_payload(decode=True) == (study.outputs / "demo/C1/unblinded/safety.html").read_bytes()
