"""Reads a scenario file. Everything that can be refused before the first program starts is refused here, in one line."""
import dataclasses
import json
import re

from errors import BadScenario
from words import own_text, text

CHANGEABLE = {"client", "channel", "place", "outcome", "topics", "areas", "minutes", "indirect_minutes", "note"}
# do: (required, optional); 'handheld' and 'do' are always there.
STEPS = {
    "enrol": ({"user"}, set()),
    "sync": (set(), {"cut_after_bytes"}),
    "round_start": ({"user", "place"}, {"with"}),
    "round_count": ({"user", "by"}, set()),
    "round_end": ({"user"}, set()),
    "add_client": ({"user", "client"}, set()),
    "contact": ({"user", "channel", "place", "outcome"},
                {"client", "unknown", "topics", "areas", "minutes", "indirect_minutes", "note", "follow_up", "label", "switched_off"}),
    "correct": ({"user", "contact", "reason"}, CHANGEABLE),
    "retract": ({"user", "contact", "reason"}, set()),
}
NUMBERS = {"minutes", "indirect_minutes", "by", "cut_after_bytes"}
LISTS = {"topics", "areas", "with"}
ONLY_WITH_SERVER = {"enrol", "sync"}


@dataclasses.dataclass
class Step:
    where: str            # "scene 2, step 5 (21:05 h1)"
    do: str
    handheld: str
    minute: int           # of the scene's day; past midnight above 1440; None: time flows
    fields: dict

    def get(self, name, default=None):
        return self.fields.get(name, default)


@dataclasses.dataclass
class Scene:
    title: str
    day: int
    minute: int
    server: bool
    steps: list


@dataclasses.dataclass
class Handheld:
    key: str
    name: str
    users: list
    clock: str            # what its clock says when the first scene begins; None: the right time


@dataclasses.dataclass
class Scenario:
    days_ago: int
    staff: dict           # name: role
    handhelds: dict       # key: Handheld
    women: list           # {"alias", "intensity", "primary", "second"}
    scenes: list

    def steps(self):
        return [step for scene in self.scenes for step in scene.steps]


def read(path):
    try:
        with open(path, encoding="utf-8") as file:
            raw = json.load(file)
    except OSError as error:
        raise BadScenario(text("bad_file", path, error.strerror)) from None
    except ValueError as error:
        raise BadScenario(text("bad_file", path, error)) from None
    try:
        return _scenario(_without_comments(raw))
    except BadScenario as error:
        raise BadScenario(text("bad_file", path, error)) from None


def _without_comments(value):
    if isinstance(value, dict):
        return {key: _without_comments(inner) for key, inner in value.items() if not key.startswith("_")}
    return [_without_comments(inner) for inner in value] if isinstance(value, list) else value


def _check(condition, problem):
    if not condition:
        raise BadScenario(problem)


def _keys(where, value, required, optional=frozenset()):
    _check(isinstance(value, dict), "%s: { ... } expected" % where)
    for key in sorted(required - value.keys()):
        _check(False, "%s: '%s' is missing" % (where, key))
    for key in sorted(value.keys() - required - optional):
        _check(False, "%s: '%s' is not known here; known: %s" % (where, key, ", ".join(sorted(required | optional))))


def _scenario(raw):
    _keys("scenario", raw, {"days_ago", "staff", "handhelds", "women", "scenes"}, {"about"})
    _check(isinstance(raw["days_ago"], int) and 1 <= raw["days_ago"] <= 35, "days_ago: a number from 1 to 35 expected")
    _check(isinstance(raw["staff"], dict) and raw["staff"], "staff: {\"name\": \"role\"} expected")
    handhelds = {key: _handheld(key, value, raw["staff"]) for key, value in raw["handhelds"].items()}
    women = [_woman(number, value, raw["staff"]) for number, value in enumerate(raw["women"], 1)]
    aliases = [woman["alias"] for woman in women]
    for alias in aliases:
        _check(aliases.count(alias) == 1, "women: '%s' stands there twice" % alias)
    scenario = Scenario(raw["days_ago"], raw["staff"], handhelds, women, [])
    for number, value in enumerate(raw["scenes"], 1):
        scenario.scenes.append(_scene(number, value, scenario))
    _check(scenario.scenes and scenario.scenes[0].server, "the first scene enrols the handhelds, so it needs 'server': true")
    _check(all(scene.day <= raw["days_ago"] for scene in scenario.scenes), "a scene lies in the future: make days_ago larger")
    _check_order(scenario)
    return scenario


def _handheld(key, value, staff):
    where = "handhelds: %s" % key
    _check(re.fullmatch(r"[A-Za-z0-9_-]+", key), "%s: letters and digits only" % where)
    _keys(where, value, {"name", "users"}, {"clock"})
    for user in value["users"]:
        _check(user in staff, "%s: '%s' is not among the staff" % (where, user))
    return Handheld(key, value["name"], value["users"], value.get("clock"))


def _woman(number, value, staff):
    where = "women: number %d" % number
    _keys(where, value, {"alias"}, {"intensity", "primary", "second"})
    for role in ("primary", "second"):
        _check(value.get(role) is None or value[role] in staff, "%s (%s): '%s' is not among the staff" % (where, value["alias"], value.get(role)))
    return value


def _minute(where, value):
    match = re.fullmatch(r"([01]\d|2[0-3]):([0-5]\d)", value if isinstance(value, str) else "")
    _check(match, "%s: 'at' is a time like \"20:30\"" % where)
    return int(match[1]) * 60 + int(match[2])


def _scene(number, value, scenario):
    where = "scene %d" % number
    _keys(where, value, {"title", "day", "at", "steps"}, {"server"})
    scene = Scene(own_text(value["title"]), value["day"], _minute(where, value["at"]), value.get("server", False), [])
    for index, step in enumerate(value["steps"], 1):
        scene.steps.append(_step(number, index, step, scene, scenario))
    return scene


def _step(scene_number, number, value, scene, scenario):
    where = text("scene", scene_number, number)
    _check(isinstance(value, dict) and value.get("do") in STEPS, "%s: 'do' is one of: %s" % (where, ", ".join(STEPS)))
    required, optional = STEPS[value["do"]]
    where += " (%s %s)" % (value.get("at", value["do"]), value.get("handheld", "?"))
    timed = frozenset() if scene.server else {"at"}
    _keys(where, value, required | timed | {"handheld", "do"}, optional)
    _check(value["handheld"] in scenario.handhelds, "%s: handheld '%s' is not in the list" % (where, value["handheld"]))
    user = value.get("user")
    _check(user is None or user in scenario.handhelds[value["handheld"]].users, "%s: '%s' is not a user of this handheld" % (where, user))
    _check(scene.server or value["do"] not in ONLY_WITH_SERVER, "%s: '%s' needs a scene with 'server': true" % (where, value["do"]))
    for name in NUMBERS & value.keys():
        _check(isinstance(value[name], int), "%s: '%s' is a number" % (where, name))
    for name in LISTS & value.keys():
        _check(isinstance(value[name], list), "%s: '%s' is a list" % (where, name))
    if value["do"] == "contact":
        _check(("client" in value) != ("unknown" in value), "%s: either 'client' or 'unknown'" % where)
        if "follow_up" in value:
            _keys(where + " follow_up", value["follow_up"], {"in_days", "text"})
    minute = None if scene.server else _minute(where, value["at"])
    if minute is not None and minute < scene.minute:
        minute += 24 * 60
    fields = {key: inner for key, inner in value.items() if key not in ("handheld", "do", "at")}
    return Step(where, value["do"], value["handheld"], minute, fields)


def _check_order(scenario):
    """What a step speaks of must have happened before, on the same handheld; time never goes back on one."""
    labels, enrolled, last = {}, set(), {}
    for scene in scenario.scenes:
        for step in scene.steps:
            now = scene.day * 24 * 60 + (scene.minute if step.minute is None else step.minute)
            _check(now >= last.get(step.handheld, now), "%s: earlier than the step before it on this handheld" % step.where)
            last[step.handheld] = now
            user = step.get("user")
            if step.do == "enrol":
                _check((step.handheld, user) not in enrolled, "%s: %s was enrolled already" % (step.where, user))
                enrolled.add((step.handheld, user))
            elif user is not None:
                _check((step.handheld, user) in enrolled, "%s: %s was not enrolled yet" % (step.where, user))
            if step.do in ("correct", "retract"):
                _check(labels.get(step.get("contact")) == step.handheld, "%s: no contact on this handheld has the label '%s'" % (step.where, step.get("contact")))
            if step.get("label"):
                _check(step.get("label") not in labels, "%s: the label '%s' stands there twice" % (step.where, step.get("label")))
                labels[step.get("label")] = step.handheld
