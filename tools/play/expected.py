"""What the coordinator must see in the end, from the scenario's steps alone: nothing the programs said is used."""
import collections

from scenario import CHANGEABLE


def figures(scenario):
    """{what: number}, with what as "contacts in_person zone" or "women in_view intensive"."""
    contacts = _contacts(scenario)
    made = collections.Counter()
    for contact in contacts:
        made["contacts %s %s" % (contact["channel"], contact["place"])] += 1
        made["contacts with unknown persons"] += "client" not in contact
    spoken = {contact.get("client") for contact in contacts if contact["outcome"] == "spoken"}
    for woman in _women(scenario):
        made["women in view"] += 1
        made["women in_view %s" % (woman.get("intensity") or "-")] += 1
        made["women in contact"] += bool(woman.get("intensity")) and woman["alias"] in spoken
    steps = scenario.steps()
    made["follow-ups due"] = sum(1 for step in steps if step.do == "contact" and step.get("follow_up")
                                 and _due_day(scenario, step) <= scenario.days_ago)
    made["set apart"] = 0
    return dict(made)


def contacts_saved(scenario):
    """Per handheld: how many contacts were logged, also those taken back later."""
    return collections.Counter(step.handheld for step in scenario.steps() if step.do == "contact")


def _women(scenario):
    added = [{"alias": step.get("client")} for step in scenario.steps() if step.do == "add_client"]
    return scenario.women + added


def _due_day(scenario, step):
    scene = next(scene for scene in scenario.scenes if step in scene.steps)
    return scene.day + step.get("follow_up")["in_days"]


def _contacts(scenario):
    """As they stand after every correction; a correction with only some fields leaves the others."""
    made, labelled = [], {}
    for step in scenario.steps():
        if step.do == "contact":
            contact = {key: step.get(key) for key in ("client", "channel", "place", "outcome") if step.get(key)}
            made.append(contact)
            labelled[step.get("label")] = contact
        elif step.do == "correct":
            labelled[step.get("contact")].update({key: value for key, value in step.fields.items() if key in CHANGEABLE})
        elif step.do == "retract":
            made.remove(labelled[step.get("contact")])
    return made
