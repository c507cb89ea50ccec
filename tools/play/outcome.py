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


def figures_of_programme(overview, records):
    """The same, and the programme's own: under the names that tools/programme/expected.cpp uses."""
    made = figures_of(overview)
    made["review cases"] = overview["review_cases"]
    for record in records:
        name = "records " + record["kind"]
        made[name] = made.get(name, 0) + 1
    programme = overview["programme"]
    stays, budget = programme["time_out"], programme["flex_budget"]
    made.update({"stays": stays["stays"], "stays open": stays["open"], "stay days": stays["days"], "stay cents": stays["cents"],
                 "budget granted": budget["granted_cents"], "budget spent": budget["spent_cents"], "budget balance": budget["balance_cents"],
                 "visit evenings": programme["visits"]["evenings"], "visits": programme["visits"]["visits"],
                 "escalations open": programme["escalations_open"], "handovers open": programme["handovers_open"],
                 "planning open": programme["planning_open"]})
    for row in programme["hours"]["rows"]:
        for what in ("minutes", "unknown"):
            made["hours %s %s %s" % (row["activity"], row["role"], what)] = row[what]
    by_code = {"referrals": programme["referrals"]["by_state"], "bottlenecks": programme["bottlenecks"]["by_kind"],
               "goals": programme["goals"], "appointments": programme["appointments"], "risks": programme["risks"]}
    for name, counts in by_code.items():
        made.update({"%s %s" % (name, code): count for code, count in counts.items()})
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
