"""The two programs as processes: run and answered, started and stopped, always by the process's own id."""
import json
import os
import signal
import subprocess
import threading
import time

from errors import Refused


class Failed(Refused):
    """A program said no: its one line, and its code."""

    def __init__(self, line, code):
        super().__init__(line)
        self.code = code


class Programs:
    """Starts programs of one build; stop_all() ends whatever of it still runs, from any thread."""

    def __init__(self, folder, needed=("lantaarn", "lantaarn-server")):
        self._folder = folder
        self._lock = threading.Lock()
        self._running = set()
        self._stopping = False
        for name in needed:
            if not os.access(self.path(name), os.X_OK):
                raise Refused("%s: not there; run tools/build" % self.path(name))

    def path(self, name):
        return os.path.join(self._folder, name)

    def start(self, arguments, environment, **options):
        with self._lock:
            if self._stopping:
                raise KeyboardInterrupt
            process = subprocess.Popen([self.path(arguments[0])] + arguments[1:], env=environment, **options)
            self._running.add(process)
        return process

    def gone(self, process):
        with self._lock:
            self._running.discard(process)

    def ask(self, arguments, environment, prepare=None, as_json=True):
        """Runs to the end; the JSON document (or text) it prints. `prepare` sees the process first. Failed when it says no."""
        process = self.start(arguments + ["--json"] * as_json, environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                             stderr=subprocess.PIPE, text=True)
        try:
            if prepare:
                prepare(process)
            out, err = process.communicate()
        finally:
            self.gone(process)
        if self._stopping:
            raise KeyboardInterrupt
        if process.returncode != 0:
            raise failure(err, process.returncode)
        if not as_json:
            return out
        return json.loads(out) if out.strip() else None

    def stop_all(self):
        with self._lock:
            self._stopping = True
            running = list(self._running)
        for process in running:
            process.terminate()
        for process in running:
            try:
                process.wait(timeout=10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def failure(err, exit_code):
    """`{"error": ..., "code": ...}` on standard error, or whatever stands there."""
    last = err.strip().splitlines()[-1] if err.strip() else ""
    try:
        said = json.loads(last)
        return Failed(said["error"], said["code"])
    except (ValueError, KeyError, TypeError):
        how = "ended by signal %d" % -exit_code if exit_code < 0 else "exit code %d" % exit_code
        return Failed(last or how, "")


class Server:
    """`lantaarn-server serve`, from start to stop."""

    def __init__(self, programs, data, log):
        self._programs, self.data, self._log = programs, data, log
        self._process = None
        self.address = None
        self.page = None

    def start(self, environment, own_session=False, page=False):
        """With `page` the coordinator's page is there too: plain HTTP, which browsers trust on this very machine, and which
        unlike a self-made certificate lets them use passkeys."""
        command = ["lantaarn-server", "--data", self.data, "serve", "--sync", "127.0.0.1:0"] + (["--web", "127.0.0.1:0"] if page else [])
        with open(self._log, "ab") as log:
            begin = log.tell()
            self._process = self._programs.start(command, environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                                                 start_new_session=own_session)
        self.address = self._wait_for_address(begin)

    def _wait_for_address(self, begin, patience_s=20):
        until = time.monotonic() + patience_s
        while time.monotonic() < until:
            with open(self._log, "rb") as log:
                log.seek(begin)
                lines = log.read().decode("utf-8", "replace").splitlines(keepends=True)
            for line in lines:
                if line.startswith("page ") and line.endswith("\n"):
                    self.page = line.split()[1]
                if line.startswith("sync ") and line.endswith("\n"):
                    return line.split()[1]
            if self._process.poll() is not None:
                raise Refused("lantaarn-server: %s" % (lines[-1].strip() if lines else "ended with %d" % self._process.returncode))
            time.sleep(0.01)
        raise Refused("lantaarn-server: does not listen after %d s" % patience_s)

    def invitations(self, environment):
        """(name, link) for a coordinator and for an administrator, where there are such people."""
        ask = lambda *words: self._programs.ask(["lantaarn-server", "--data", self.data, *words], environment)
        first = {}
        for user in ask("user", "list"):
            first.setdefault(user["role"], user["name"])
        return [(first[role], ask("user", "invite", first[role])["link"]) for role in ("coordinator", "administrator") if role in first]

    def stop(self):
        if self._process is None:
            return
        process, self._process = self._process, None
        self._programs.gone(process)
        process.terminate()
        if process.wait(timeout=30) != 0:
            raise Refused("lantaarn-server: ended with %d; see %s" % (process.returncode, self._log))

    def let_go(self):
        """Leaves it running; its process id."""
        self._programs.gone(self._process)
        return self._process.pid


def started_at(pid):
    """When this process began, in the kernel's count since boot; nothing when there is none. With the id it names a
    process for good: an id alone may by now be another's."""
    try:
        with open("/proc/%d/stat" % pid, encoding="ascii", errors="replace") as file:
            return file.read().rsplit(")", 1)[1].split()[19]
    except OSError:
        return None


def stop_kept(pid_file):
    """Ends the server that an earlier run left; whether there was one."""
    kept = read_kept(pid_file)
    if kept is None:
        return False
    os.kill(kept["pid"], signal.SIGTERM)
    while started_at(kept["pid"]) == kept["started_at"]:
        time.sleep(0.02)
    os.unlink(pid_file)
    return True


def read_kept(pid_file):
    """What note_kept() wrote, when that process still runs."""
    try:
        with open(pid_file, encoding="utf-8") as file:
            kept = json.load(file)
    except (OSError, ValueError):
        return None
    return kept if started_at(kept["pid"]) == kept["started_at"] else None


def note_kept(pid_file, pid, address):
    with open(pid_file, "w", encoding="utf-8") as file:
        json.dump({"pid": pid, "started_at": started_at(pid), "address": address}, file)
