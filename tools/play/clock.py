"""The scenario's time: the clock on the wall in the Netherlands, and how a program is made to live in it.

libfaketime gives a program another wall clock. A handheld's own clocks (monotonic and boot time too) then move with the
scenario, as they would on a device that stays on: from 20:31 to the sync at 10:00 they count thirteen and a half hours,
whatever its wall clock says. The server keeps its real monotonic clock: it holds timers, and records wall time only.
"""
import datetime
import os
import subprocess
import time

from errors import Refused
from words import text

UTC = datetime.timezone.utc


def utc_offset(unix_time):
    """Seconds that the Netherlands are ahead: EU summer time from and to the last Sunday of March and October, 01:00 UTC.
    By hand, because a bare machine has no time zone files."""
    moment = datetime.datetime.fromtimestamp(unix_time, UTC)
    return 7200 if _last_sunday(moment.year, 3) <= moment < _last_sunday(moment.year, 10) else 3600


def amsterdam_to_unix(day, minute):
    """Seconds since 1970 of so many minutes past midnight of a date there."""
    as_utc = datetime.datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp() + minute * 60
    return as_utc - utc_offset(as_utc - 3600)


def amsterdam(unix_time):
    """The date and time there, for people."""
    return datetime.datetime.fromtimestamp(unix_time + utc_offset(unix_time), UTC)


def _last_sunday(year, month):
    last = datetime.datetime(year, month, 31, 1, tzinfo=UTC)
    return last - datetime.timedelta(days=(last.weekday() + 1) % 7)


def find_library():
    """Where libfaketime is, as its own program names it."""
    try:
        done = subprocess.run(["faketime", "-f", "+0", "sh", "-c", "echo $LD_PRELOAD"], capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        raise Refused(text("no_faketime")) from None
    return done.stdout.strip()


def environment(library, unix_time, real_monotonic):
    """The environment in which a program's clock starts at `unix_time` and runs on from there."""
    made = dict(os.environ)
    made["LD_PRELOAD"] = library
    made["FAKETIME"] = "%+.3f" % (unix_time - time.time())
    made["NO_FAKE_STAT"] = "1"
    made["LANTAARN_ALSO_FILES"] = "/dev/shm"  # the library's own, which it tidies up at the end
    if real_monotonic:
        made["FAKETIME_DONT_FAKE_MONOTONIC"] = "1"
    return made
