"""Half a year of a programme: the server as a real process, lantaarn-programme for the handhelds and the office, and what
the registry shows in the end.

The server lives through half a year in one go: libfaketime reads its clock from a file that lantaarn-programme rewrites
before everything that happens at the office, and before every sync. From the last day on it runs as any clock does.
"""
import collections
import datetime
import json
import os
import subprocess
import time

import clock
import outcome
from errors import BadScenario, Refused
from evening import make_folder
from programs import Programs, Server, failure
from progress import Lane, Progress
from words import text

PLAYER = "lantaarn-programme"
REASON = "halfjaarverantwoording"


def is_programme(path):
    """Whether a scenario says that it is one. What cannot be read is the evening's to refuse."""
    try:
        with open(path, encoding="utf-8") as file:
            raw = json.load(file)
    except (OSError, ValueError):
        return False
    return isinstance(raw, dict) and raw.get("plays") == "programme"


class HalfYear:
    def __init__(self, path, data, program_folder, quiet, through=None):
        self._scenario = [path] + (["--through", through] if through else [])
        self._data, self._quiet = data, quiet
        self.programs = Programs(program_folder, ("lantaarn-server", PLAYER))
        self.plan = self._read_plan()
        self._environment = {}
        self.server = Server(self.programs, os.path.join(data, "server"), os.path.join(data, "server.log"))
        self.tally = None

    def _read_plan(self):
        """Everything that can be refused before the first program starts is refused here."""
        done = subprocess.run([self.programs.path(PLAYER), "plan"] + self._scenario, capture_output=True, text=True)
        if done.returncode == 2:
            raise BadScenario(done.stderr.strip())
        if done.returncode != 0:
            raise failure(done.stderr, done.returncode)
        return json.loads(done.stdout)

    def play(self, own_session):
        make_folder(self._data)
        os.makedirs(self.server.data, mode=0o700, exist_ok=True)
        clock_file = os.path.join(self._data, "clock")
        self._environment = server_environment(clock_file, self.plan["from"])
        self.ask(["init"])
        self.server.start(self._environment, own_session, page=own_session)
        self._run_player(["--data", self._data, "--server-data", self.server.data, "--server", self.server.address, "--clock", clock_file])

    def _run_player(self, flags):
        with open(os.path.join(self._data, "programme.log"), "w+", encoding="utf-8", errors="replace") as log:
            process = self.programs.start([PLAYER, "play"] + self._scenario + flags, dict(os.environ), stdin=subprocess.DEVNULL,
                                          stdout=subprocess.PIPE, stderr=log, text=True)
            self._follow(process)
            self.programs.gone(process)
            log.seek(0)
            if process.returncode != 0 or self.tally is None:
                raise failure(log.read(), process.returncode)

    def _follow(self, process):
        lanes = {one["key"]: Lane(one["name"], one["facts"]) for one in self.plan["handhelds"]}
        progress = Progress(lanes, self._quiet)
        for line in process.stdout:
            self._show(json.loads(line), progress)
        process.wait()
        progress.scene_done()
        progress.close()

    def _show(self, said, progress):
        if "prepared" in said:
            progress.note(text("prepared", said["women"], said["staff"]))
        elif "month" in said:
            progress.scene_done()
            progress.heading(said["month"])
        elif "sync" in said:
            progress.happened(said["sync"], said["at"][:5], "", text("weekly_sync", said["brought"], said["received"], said["merged"]))
            progress.update(said["sync"], steps=said["facts"], saved=said["saved"], received=said["received"], merged=said["merged"])
        elif "clock" in said:
            progress.happened(said["clock"], said["at"][:5], "", text("clock_wrong", said["says"]) if said["says"] else text("clock_right"))
        elif "done" in said:
            self.tally = said

    def ask(self, arguments, as_json=True, as_person=False):
        person = ["--as", self.plan["coordinator"], "--reason", REASON] if as_person else []
        return self.programs.ask(["lantaarn-server", "--data", self.server.data] + arguments + person, self._environment, as_json=as_json)

    def overview(self, as_json):
        return self.ask(["overview", "--from", self.plan["from"], "--through", self.plan["through"]], as_json)

    def merge_again(self):
        """Seconds for opening and folding everything again, from the first entry; refused when another registry comes out."""
        began = time.monotonic()
        events = self.ask(["rebuild", "--verify"])["events"]
        return events, time.monotonic() - began

    def show_and_check(self, began):
        print("\n%s\n\n%s" % (text("overview"), self.overview(as_json=False).strip("\n")))
        if self.plan["show"]:
            print("\n" + self.ask(["client", "show", self.plan["show"]], False, as_person=True).strip("\n"))
        records = self.ask(["records"], as_person=True)
        show_kinds(records)
        events, seconds = self.merge_again()
        print("\n" + text("half_year_times", self.tally["merged"], self.tally["syncs"], "%.1f" % self.tally["sync_seconds"], events, "%.1f" % seconds))
        overview = self.overview(as_json=True)
        found = outcome.figures_of_programme(overview, records)
        checked = outcome.check(self.plan["expected"], found) + check_entries(self.tally, overview["handhelds"])
        print("\n" + text("half_year_right", overview["contacts"]["total"], len(records), checked, round(time.monotonic() - began)))


def server_environment(clock_file, first_day):
    with open(clock_file, "w", encoding="ascii") as file:
        day_before = datetime.datetime.fromisoformat(first_day).replace(tzinfo=clock.UTC).timestamp() - 12 * 3600
        file.write("%+.3f\n" % (day_before - time.time()))
    made = dict(os.environ)
    made.update(LD_PRELOAD=clock.find_library(), FAKETIME_TIMESTAMP_FILE=clock_file, FAKETIME_NO_CACHE="1",
                FAKETIME_DONT_FAKE_MONOTONIC="1", NO_FAKE_STAT="1", LANTAARN_ALSO_FILES="/dev/shm:" + os.path.dirname(clock_file))
    made.pop("FAKETIME", None)
    return made


def check_entries(tally, rows):
    """Saved = received = merged over all handhelds, as they count and as the server counts."""
    counts = {"handhelds " + name: tally[name] for name in ("saved", "received", "merged")}
    for name in ("saved", "received", "merged"):
        counts["server " + name] = sum(row[name] for row in rows)
    for name, count in counts.items():
        if count != tally["saved"]:
            raise Refused(text("unexpected", name, count, tally["saved"]))
    return len(counts)


def show_kinds(records):
    counts = collections.Counter(record["kind"] for record in records)
    print("\n" + text("half_year_kinds"))
    for kind in sorted(counts):
        print("  %-16s %5d" % (kind, counts[kind]))
