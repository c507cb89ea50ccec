"""What came out, held against what must: one clear line for the first figure that differs."""
import time

from errors import Refused
from words import text


def figures_of(overview):
    """The overview's figures under the names that expected.figures() uses."""
    made = {"women in view": overview["in_view"], "women in contact": overview["in_contact"],
            "contacts with unknown persons": overview["contacts"]["unknown_persons"],
            "follow-ups due": len(overview["follow_ups_due"]), "set apart": overview["quarantined"]}
    for row in overview["women"]:
        made["women %s %s" % (row["status"], row["intensity"] or "-")] = row["women"]
    for row in overview["contacts"]["by_channel_and_place"]:
        made["contacts %s %s" % (row["channel"], row["place"])] = row["contacts"]
    return made


def check(wanted, found):
    """Every figure of either side; how many there were."""
    names = sorted(wanted.keys() | found.keys())
    for name in names:
        if wanted.get(name, 0) != found.get(name, 0):
            raise Refused(text("unexpected", name, found.get(name, 0), wanted.get(name, 0)))
    return len(names)


def check_handhelds(players, overview):
    """Saved = received = merged, as the handheld and as the server count; how many figures that were."""
    rows = {row["name"]: row for row in overview["handhelds"]}
    checked = 0
    for player in players.values():
        received, saved, merged = player.status(time.time())
        row = rows[player.name]
        counts = {"handheld received": received, "handheld merged": merged}
        for name in ("saved", "received", "merged"):
            counts["server " + name] = row[name]
        for name, count in counts.items():
            if count != saved:
                raise Refused(text("unexpected", "%s, %s" % (player.name, name), count, saved))
        checked += len(counts)
    return checked
