"""One handheld of the evening: the scenario's steps as commands of `lantaarn`, in its own folder and its own time."""
import datetime
import os
import secrets
import signal
import time

import clock
from programs import Failed
from proxy import CuttingProxy
from words import text


class HandheldPlayer:
    """Plays one handheld's steps, one after the other. `evening` gives programs, faketime library, folders and server."""

    def __init__(self, evening, handheld):
        self._evening, self._handheld = evening, handheld
        self.key, self.name, self.data = handheld.key, handheld.name, evening.folder(handheld.key)
        self.contacts = {}       # label or number -> event id, as acknowledged
        self.enrolled = []

    def play(self, step, unix_time):
        self._now = unix_time
        self._user = step.get("user") or ""
        shown = clock.amsterdam(unix_time).strftime("%H:%M")
        key, *arguments = getattr(self, "_do_" + step.do)(step)
        self._evening.progress.happened(self.key, shown, self._user, text(key, *arguments))
        self._evening.progress.update(self.key, steps=1)

    # What this handheld's own clock says at a moment of the scenario.
    def _wall(self, unix_time):
        begins = self._handheld.clock
        if begins is None:
            return unix_time
        first = datetime.datetime.fromisoformat(begins.replace("Z", "+00:00")).timestamp()
        return first + unix_time - self._evening.first_moment

    def _ask(self, arguments, prepare=None, pin=True):
        environment = clock.environment(self._evening.faketime, self._wall(self._now), real_monotonic=False)
        command = ["lantaarn", "--data", self.data] + arguments
        if pin:
            command += ["--user", self._user, "--pin-file", self._pin_file()]
        answer = self._evening.programs.ask(command, environment, prepare)
        if isinstance(answer, dict) and "seq" in answer:
            self._evening.progress.update(self.key, saved=answer["seq"])
        return answer

    def _pin_file(self):
        return os.path.join(self._evening.folder("pins"), self._user)

    def _do_enrol(self, _):
        pin = self._pin_file()
        with open(os.open(pin, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="ascii") as file:
            file.write("".join(secrets.choice("0123456789") for _ in range(8)) + "\n")
        ticket = self._evening.ticket(self._handheld, self._user, first=not self.enrolled)
        what = ["user", "add", self._user] if self.enrolled else ["enrol", "--user", self._user]
        self._ask(what + ["--ticket", ticket, "--new-pin-file", pin, "--server", self._evening.server.address], pin=False)
        self.enrolled.append(self._user)
        return ["enrolled"]

    def _do_round_start(self, step):
        self._ask(["round", "start", "--place", step.get("place")] + [word for name in step.get("with", []) for word in ("--with", name)])
        return "round_start", step.get("place")

    def _do_round_end(self, _):
        self._ask(["round", "end"])
        return ["round_end"]

    def _do_round_count(self, step):
        self._ask(["round", "count", "%+d" % step.get("by")])
        return "round_count", "%+d" % step.get("by")

    def _do_add_client(self, step):
        self._ask(["client", "add", step.get("client")])
        return "added", step.get("client")

    def _do_contact(self, step):
        who = step.get("client") or text("unknown")
        arguments = ["log"] + contact_flags(step.fields, self._note_file, self._due_date)
        arguments += ["--unknown", "--describe", step.get("unknown")] if "unknown" in step.fields else []
        said = "saved"
        if step.get("switched_off"):
            event, said = self._log_and_lose_power(arguments)
        else:
            event = self._ask(arguments)["event_id"]
        self.contacts[step.get("label") or len(self.contacts)] = event
        return said, who

    def _log_and_lose_power(self, arguments):
        """Takes the power away at the moment the save reaches the disk. Whether it got there, the handheld itself says."""
        try:
            return self._ask(arguments, prepare=self._kill_when_saving)["event_id"], "off_late"
        except Failed:
            pass
        known = set(self.contacts.values())
        new = [contact["event_id"] for contact in self._ask(["contacts"]) if contact["event_id"] not in known]
        if new:
            return new[0], "off_saved"
        return self._ask(arguments)["event_id"], "off_not_saved"

    def _kill_when_saving(self, process):
        log = os.path.join(self.data, "journal.db-wal")
        before = size_of(log)
        while process.poll() is None:
            if size_of(log) > before:
                process.send_signal(signal.SIGKILL)
                return
            time.sleep(0.0002)

    def _do_correct(self, step):
        self._ask(["amend", self.contacts[step.get("contact")], "--reason", step.get("reason")] +
                  contact_flags(step.fields, self._note_file, self._due_date))
        return "corrected", step.get("contact")

    def _do_retract(self, step):
        self._ask(["retract", self.contacts[step.get("contact")], "--reason", step.get("reason")])
        return "retracted", step.get("contact")

    def _do_sync(self, step):
        cut_after = step.get("cut_after_bytes")
        if cut_after is None:
            self._ask(["sync", "--server", self._evening.server.address], pin=False)
            return "synced", *self.status()
        with CuttingProxy(self._evening.server.address, cut_after) as proxy:
            try:
                self._ask(["sync", "--server", proxy.address], pin=False)
            except Failed as failed:
                if not proxy.was_cut:
                    raise
                self.status()
                return "sync_cut", cut_after, failed
        return "sync_uncut", cut_after

    def status(self, unix_time=None):
        """(received, saved, merged) as this handheld counts them, in entries."""
        self._now = unix_time or self._now
        logs = self._ask(["status"], pin=False)["journals"]
        counts = [sum(log[name] for log in logs) for name in ("received", "saved", "merged")]
        self._evening.progress.update(self.key, received=counts[0], saved=counts[1], merged=counts[2])
        return counts

    def _note_file(self, note):
        path = os.path.join(self._evening.folder("notes"), self.key)
        with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
            file.write(note)
        return path

    def _due_date(self, days):
        return (clock.amsterdam(self._now) + datetime.timedelta(days=days)).date().isoformat()


def size_of(path):
    try:
        return os.stat(path).st_size
    except FileNotFoundError:
        return 0


def contact_flags(fields, note_file, due_date):
    flags = []
    for name in ("client", "channel", "place", "outcome", "minutes", "indirect_minutes"):
        if name in fields:
            flags += ["--" + name.replace("_", "-"), str(fields[name])]
    for name, flag in (("topics", "--topic"), ("areas", "--area")):
        for code in fields.get(name, []):
            flags += [flag, code]
    if "note" in fields:
        flags += ["--note-file", note_file(fields["note"])]
    if "follow_up" in fields:
        flags += ["--follow-up", "%s:%s" % (due_date(fields["follow_up"]["in_days"]), fields["follow_up"]["text"])]
    return flags
