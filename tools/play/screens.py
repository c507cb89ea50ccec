"""tools/run --ui: a server, the women of the demo evening, one handheld, and its screens. On a display they stay until they are
closed; without one they are shown on a virtual display and written as pictures."""
import json
import os
import shutil
import struct
import subprocess
import tempfile
import zlib

from errors import Refused
from evening import make_folder
from programs import Programs
from words import text

USER = "Noor"
PIN = "12345678"
WINDOW = ["search", "--sync", "--onlyvisible", "--name", "^Lantaarn$", "windowfocus", "--sync"]
WIDTH, HEIGHT = 480, 800


def show(options, data):
    make_folder(data)
    programs = Programs(options.programs, ("lantaarn", "lantaarn-server", "lantaarn-ui"))
    try:
        handheld = set_up(options, programs, data)
        print(text("ui_pin", USER, PIN))
        if os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"):
            screens = programs.start(["lantaarn-ui", "--data", handheld], dict(os.environ), stdout=subprocess.DEVNULL)
            screens.wait()
            programs.gone(screens)
        else:
            print(text("ui_pictures", take_pictures(programs, handheld, os.path.join(data, "pictures"))))
    finally:
        programs.stop_all()


def set_up(options, programs, data):
    """A registry that serves, the scenario's women of that user, her handheld. The handheld's folder."""
    with open(options.scenario or os.path.join(options.root, "tools/scenarios/avondronde.json"), encoding="utf-8") as file:
        played = json.load(file)
    environment = dict(os.environ)
    registry, handheld = os.path.join(data, "server"), os.path.join(data, "handheld")

    def server(*words):
        return programs.ask(["lantaarn-server", "--data", registry, *words], environment)

    server("init")
    for name, role in played["staff"].items():
        server("user", "add", name, "--role", role)
    for woman in played["women"]:
        if USER in (woman["primary"], woman.get("second")):
            server("--as", "Joke", "--reason", "demo", "client", "add", woman["alias"], "--primary", woman["primary"])
    serving = programs.start(["lantaarn-server", "--data", registry, "serve", "--sync", "127.0.0.1:0"], environment,
                             stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    address = ""
    while not address.startswith("sync "):
        address = serving.stdout.readline().strip()
        if serving.poll() is not None:
            raise Refused("lantaarn-server ended")
    address = address.removeprefix("sync ")
    ticket, pin = os.path.join(data, "ticket"), os.path.join(data, "pin")
    server("device", "add", "h1", "--users", USER, "--server", address, "--ticket", ticket)
    with open(os.open(pin, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="ascii") as file:
        file.write(PIN + "\n")
    programs.ask(["lantaarn", "--data", handheld, "enrol", "--user", USER, "--ticket", ticket, "--new-pin-file", pin], environment)
    programs.ask(["lantaarn", "--data", handheld, "sync"], environment)
    return handheld


def take_pictures(programs, handheld, folder):
    """Where they are."""
    for needed in ("Xvfb", "xdotool"):
        if not shutil.which(needed):
            raise Refused("%s: not there; run tools/setup ui" % needed)
    os.makedirs(folder)
    with tempfile.TemporaryDirectory() as frame:
        display = subprocess.Popen(["Xvfb", "-displayfd", "1", "-screen", "0", "%dx%dx24" % (WIDTH, HEIGHT), "-nolisten", "tcp", "-fbdir", frame],
                                   stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        try:
            environment = dict(os.environ, DISPLAY=":" + display.stdout.readline().strip(), QT_QPA_PLATFORM="xcb", XDG_RUNTIME_DIR=frame)
            screens = programs.start(["lantaarn-ui", "--data", handheld], environment, stdout=subprocess.PIPE, text=True)
            until(screens, "ready")
            keep(frame, environment, os.path.join(folder, "1-lock.png"))
            touch(environment, ["key", "--delay", "20", *PIN, "Return"])
            until(screens, "open")
            keep(frame, environment, os.path.join(folder, "2-evening.png"))
            touch(environment, ["mousemove", str(WIDTH // 2), str(HEIGHT - 50), "click", "1"])
            keep(frame, environment, os.path.join(folder, "3-who.png"))
            touch(environment, ["mousemove", str(WIDTH // 2), "320", "click", "1"])
            keep(frame, environment, os.path.join(folder, "4-contact.png"))
        finally:
            programs.stop_all()
            display.terminate()
            display.wait()
    return folder


def until(process, word):
    for line in process.stdout:
        if line.strip() == word:
            return
    raise Refused("lantaarn-ui ended")


def touch(environment, what):
    subprocess.run(["xdotool", *WINDOW, *what], env=environment, check=True)


def keep(frame, environment, path):
    """The virtual display's frame as a picture, once it has not changed for a moment."""
    before = None
    for _ in range(50):
        with open(os.path.join(frame, "Xvfb_screen0"), "rb") as file:
            now = file.read()
        if now == before and any(now[-WIDTH * HEIGHT * 4:]):
            break
        before = now
        subprocess.run(["xdotool", "sleep", "0.2"], env=environment, check=True)
    write_png(path, now)


def write_png(path, xwd):
    """An X window dump of 24 bits in 32, as PNG (ISO/IEC 15948)."""
    fields = struct.unpack(">25I", xwd[:100])
    header, width, height, order, line, colours = fields[0], fields[4], fields[5], fields[7], fields[12], fields[19]
    begin = header + 12 * colours
    rows = bytearray()
    for y in range(height):
        row = xwd[begin + y * line:begin + y * line + 4 * width]
        rows.append(0)
        red, green, blue = (row[2::4], row[1::4], row[0::4]) if order == 0 else (row[1::4], row[2::4], row[3::4])
        rows += bytes(part for pixel in zip(red, green, blue) for part in pixel)

    def chunk(kind, body):
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    with open(path, "wb") as file:
        file.write(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">2I5B", width, height, 8, 2, 0, 0, 0)) +
                   chunk(b"IDAT", zlib.compress(bytes(rows), 9)) + chunk(b"IEND", b""))
