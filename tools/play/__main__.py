"""Plays a scenario with real processes and shows the coordinator's overview. Started by tools/run."""
import argparse
import os
import signal
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import expected
import half_year
import outcome
import programs
import scenario
import screens
from errors import Refused
from evening import Evening, make_folder
from progress import Lane, Progress
from words import text


def arguments():
    parser = argparse.ArgumentParser(prog="tools/run", description="Plays a scenario, end to end, and checks what comes out.")
    parser.add_argument("scenario", nargs="?", help="default: tools/scenarios/avondronde.json; half a year: tools/scenarios/half-year.json")
    parser.add_argument("--data", help="folder for its data, made anew (default: .evening)")
    parser.add_argument("--keep", action="store_true", help="leave the server running in the end")
    parser.add_argument("--stop", action="store_true", help="stop the server that an earlier --keep left")
    parser.add_argument("--ui", action="store_true", help="open the handheld's screens; without a display: pictures of them")
    parser.add_argument("--quiet", action="store_true", help="only the outcome")
    parser.add_argument("--through", help="half a year: only up to this day (2026-01-31)")
    parser.add_argument("--programs", required=True, help=argparse.SUPPRESS)
    parser.add_argument("--root", required=True, help=argparse.SUPPRESS)
    return parser.parse_args()


def stop(data, pid_file):
    print(text("server_stopped") if programs.stop_kept(pid_file) else text("no_server", data))


def play(options, data, pid_file):
    began = time.monotonic()
    path = options.scenario or os.path.join(options.root, "tools/scenarios/avondronde.json")
    if half_year.is_programme(path):
        play_half_year(options, path, data, pid_file, began)
        return
    read = scenario.read(path)
    refuse_kept(options, data, pid_file)
    make_folder(data)
    lanes = {key: Lane(handheld.name, sum(step.handheld == key for step in read.steps())) for key, handheld in read.handhelds.items()}
    progress = Progress(lanes, options.quiet)
    evening = Evening(read, data, options.programs, progress)
    try:
        evening.play()
        progress.close()
        shown, result = evening.overview(own_session=options.keep)
        print("\n%s\n\n%s" % (text("overview"), shown.strip("\n")))
        checked = outcome.check(expected.figures(read), outcome.figures_of(result))
        checked += outcome.check_handhelds(evening.handhelds, result)
        print("\n" + text("as_expected", sum(expected.contacts_saved(read).values()), len(read.handhelds), checked,
                          round(time.monotonic() - began)))
        if options.scenario is None:
            print(text("half_year_too"))
        if not options.keep:
            print(text("page_needs_keep"))
        if options.keep:
            keep(options, evening, data, pid_file)
    finally:
        evening.programs.stop_all()


def play_half_year(options, path, data, pid_file, began):
    refuse_kept(options, data, pid_file)
    played = half_year.HalfYear(path, data, options.programs, options.quiet, options.through)
    try:
        played.play(own_session=options.keep)
        played.show_and_check(began)
        if options.keep:
            keep(options, played, data, pid_file)
    finally:
        played.programs.stop_all()


def refuse_kept(options, data, pid_file):
    if programs.read_kept(pid_file):
        raise Refused(text("server_runs", data, stop_command(options)))


def keep(options, evening, data, pid_file):
    address = evening.server.address
    programs.note_kept(pid_file, evening.server.let_go(), address)
    print(text("kept", address, data, stop_command(options)))
    show_page(evening)
    print(text("look", "%s --data %s overview" % (evening.programs.path("lantaarn-server"), evening.server.data)))


def show_page(evening):
    """Where the page is, and a way in for the coordinator and for the administrator."""
    server = evening.server
    print(text("page", server.page))
    for name, link in server.invitations(dict(os.environ)):
        print(text("invitation", name, link))


def stop_command(options):
    return "tools/run --stop" + (" --data %s" % options.data if options.data else "")


def interrupt(*_):
    raise KeyboardInterrupt


def main():
    options = arguments()
    data = os.path.abspath(options.data or os.path.join(options.root, ".evening"))
    pid_file = os.path.join(data, "server.pid")
    signal.signal(signal.SIGTERM, interrupt)
    try:
        if options.stop:
            stop(data, pid_file)
        elif options.ui:
            screens.show(options, data)
        else:
            play(options, data, pid_file)
    except Refused as refused:
        print(refused, file=sys.stderr)
        return refused.exit_code
    except KeyboardInterrupt:
        print("\n" + text("stopped"), file=sys.stderr)
        return 130
    return 0


sys.exit(main())
