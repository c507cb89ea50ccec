"""What one sees meanwhile: a line for everything that happens and, on a terminal, one line of bars per handheld below."""
import shutil
import sys
import threading

from words import text

WIDTH = 12


class Lane:
    """One handheld's counts."""

    def __init__(self, name, steps):
        self.name, self.steps = name, steps
        self.done = self.saved = self.received = self.merged = 0

    def line(self):
        parts = ["%s %s %d/%d" % (text("bar_round"), bar(self.done, self.steps), self.done, self.steps)]
        parts.append("%s %s %d" % (text("bar_saved"), bar(self.saved, self.saved), self.saved))
        for word, value in (("bar_received", self.received), ("bar_merged", self.merged)):
            parts.append("%s %s %d" % (text(word), bar(value, self.saved), value))
        return "  %s  %s" % (self.name, "  ".join(parts))


def bar(value, whole):
    filled = WIDTH * value // whole if whole else 0
    return "█" * filled + "░" * (WIDTH - filled)


class Progress:
    def __init__(self, lanes, quiet=False, out=sys.stdout):
        longest = max(len(lane.name) for lane in lanes.values())
        for lane in lanes.values():
            lane.name = lane.name.ljust(longest)
        self.lanes, self._quiet, self._out = lanes, quiet, out
        self._live = out.isatty() and not quiet
        self._shown = 0
        self._lock = threading.Lock()

    def heading(self, title):
        self._print("\n" + (("\x1b[1m%s\x1b[0m" % title) if self._live else title))

    def happened(self, key, clock, who, what):
        self._print("  %-5s  %s  %-7s %s" % (clock, self.lanes[key].name, who, what))

    def note(self, what):
        self._print("  " + what)

    def update(self, key, steps=0, **counts):
        with self._lock:
            lane = self.lanes[key]
            lane.done += steps
            for name, value in counts.items():
                setattr(lane, name, value)
            self._draw()

    def scene_done(self):
        """Without a terminal the bars are shown once a scene."""
        if not self._live and not self._quiet:
            with self._lock:
                for lane in self.lanes.values():
                    self._out.write(lane.line() + "\n")
                self._out.flush()

    def close(self):
        """Leaves the bars where they are, for good; what is printed next comes below them."""
        with self._lock:
            self._live = False

    def _print(self, line):
        if self._quiet:
            return
        with self._lock:
            self._erase()
            self._out.write(line + "\n")
            self._draw()
            self._out.flush()

    def _erase(self):
        if self._live and self._shown:
            self._out.write("\x1b[%dF\x1b[J" % self._shown)
            self._shown = 0

    def _draw(self):
        if not self._live:
            return
        self._erase()
        columns = shutil.get_terminal_size().columns - 1
        for lane in self.lanes.values():
            self._out.write(lane.line()[:columns] + "\n")
        self._shown = len(self.lanes)
        self._out.flush()
