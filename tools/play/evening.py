"""The evening as a whole: a server that is there by day, handhelds side by side, and what the coordinator sees in the end."""
import concurrent.futures
import datetime
import os
import shutil
import threading
import time

import clock
from errors import Refused
from handheld import HandheldPlayer
from programs import Failed, Programs, Server
from words import text

MARKER = ".evening-folder"


def make_folder(path):
    """An empty folder for this evening. What an earlier evening left is removed; anything else is refused."""
    if os.path.isdir(path) and os.listdir(path) and not os.path.exists(os.path.join(path, MARKER)):
        raise Refused(text("folder_not_ours", path))
    shutil.rmtree(path, ignore_errors=True)
    os.makedirs(path, mode=0o700)
    with open(os.path.join(path, MARKER), "w", encoding="ascii"):
        pass


class Evening:
    def __init__(self, scenario, data, program_folder, progress):
        self.scenario, self.progress = scenario, progress
        self._data = data
        self.programs = Programs(program_folder)
        self.faketime = clock.find_library()
        self.day_zero = datetime.datetime.now(clock.UTC).date() - datetime.timedelta(days=scenario.days_ago)
        self.first_moment = self._moment(scenario.scenes[0].day, scenario.scenes[0].minute)
        self.server = Server(self.programs, self.folder("server"), os.path.join(data, "server.log"))
        self.handhelds = {key: HandheldPlayer(self, handheld) for key, handheld in scenario.handhelds.items()}
        self._ticket_lock = threading.Lock()
        self._scene_began = 0.0

    def folder(self, name):
        path = os.path.join(self._data, name)
        os.makedirs(path, mode=0o700, exist_ok=True)
        return path

    def play(self):
        for number, scene in enumerate(self.scenario.scenes):
            self.progress.heading(scene.title)
            if scene.server:
                self._scene_began = time.time()
                self._start_server(scene, first=number == 0)
            self._side_by_side(scene)
            self.progress.scene_done()
            if scene.server:
                self.server.stop()

    def overview(self, own_session):
        """Starts the server once more, today, and asks: (its text, its figures). The server is left running."""
        today = dict(os.environ)
        self.server.start(today, own_session, page=own_session)
        self._admin(["merge"], today)
        command = ["lantaarn-server", "--data", self.server.data, "overview"]
        return self.programs.ask(command, today, as_json=False), self.programs.ask(command, today)

    # Time: in a scene with the server it flows from the scene's own; elsewhere each step says when.
    def _moment(self, day, minute):
        date = self.day_zero + datetime.timedelta(days=day + minute // 1440)
        return clock.amsterdam_to_unix(date, minute % 1440)

    def _now_in(self, scene, step):
        if scene.server:
            return self._moment(scene.day, scene.minute) + time.time() - self._scene_began
        return self._moment(scene.day, step.minute)

    def _start_server(self, scene, first):
        self._server_time = clock.environment(self.faketime, self._moment(scene.day, scene.minute), real_monotonic=True)
        if first:
            self._admin(["init"])
        self.server.start(self._server_time)
        if first:
            self._fill_registry()

    def _fill_registry(self):
        for name, role in self.scenario.staff.items():
            self._admin(["user", "add", name, "--role", role])
        coordinator = next((name for name, role in self.scenario.staff.items() if role == "coordinator"), None)
        if coordinator is None:
            raise Refused("staff: a coordinator is needed")
        for woman in self.scenario.women:
            flags = [word for name in ("intensity", "primary", "second") if woman.get(name) for word in ("--" + name, woman[name])]
            self._admin(["client", "add", woman["alias"]] + flags + ["--as", coordinator, "--reason", "caseload"])
        self.progress.note(text("prepared", len(self.scenario.women), len(self.scenario.staff)))

    def _admin(self, arguments, environment=None):
        return self.programs.ask(["lantaarn-server", "--data", self.server.data] + arguments, environment or self._server_time)

    def ticket(self, handheld, user, first):
        """A new one-time ticket file for this user of this handheld."""
        path = os.path.join(self.folder("tickets"), "%s-%s" % (handheld.key, user))
        with self._ticket_lock:
            if first:
                self._admin(["device", "add", handheld.name, "--users", ",".join(handheld.users), "--server", self.server.address, "--ticket", path])
            else:
                self._admin(["device", "add-user", handheld.name, user, "--ticket", path])
        return path

    def _side_by_side(self, scene):
        """Each handheld's steps in their order, the handhelds at the same time."""
        lanes = {key: [step for step in scene.steps if step.handheld == key] for key in self.handhelds}
        with concurrent.futures.ThreadPoolExecutor(len(lanes)) as pool:
            futures = [pool.submit(self._play_lane, scene, self.handhelds[key], steps) for key, steps in lanes.items()]
            try:
                for future in concurrent.futures.as_completed(futures):
                    future.result()
            except BaseException:
                self.programs.stop_all()
                raise

    def _play_lane(self, scene, player, steps):
        for step in steps:
            try:
                player.play(step, self._now_in(scene, step))
            except Failed as failed:
                raise Refused(text("step_failed", step.where, failed)) from None
