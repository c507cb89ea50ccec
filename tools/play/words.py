"""What the player says, in Dutch and English. The programs have their own words (common/words)."""
import os

TEXTS = {
    "prepared": ("{0} vrouwen en {1} medewerkers staan in de registratie", "{0} women and {1} staff are in the registry"),
    "enrolled": ("aangemeld met een ticket", "enrolled with a ticket"),
    "round_start": ("ronde gestart: {0}", "round started: {0}"),
    "round_end": ("ronde afgesloten", "round ended"),
    "round_count": ("{0} mensen geteld", "{0} people counted"),
    "saved": ("bewaard: {0}", "saved: {0}"),
    "unknown": ("onbekend persoon", "unknown person"),
    "added": ("toegevoegd: {0}", "added: {0}"),
    "corrected": ("verbeterd: {0}", "corrected: {0}"),
    "retracted": ("ingetrokken: {0}", "retracted: {0}"),
    "off_saved": ("uitgezet midden in het bewaren; weer aan: {0} stond er al", "switched off in the middle of a save; on again: {0} was saved"),
    "off_not_saved": ("uitgezet midden in het bewaren; weer aan: {0} stond er nog niet, opnieuw ingevoerd",
                      "switched off in the middle of a save; on again: {0} was not saved yet, entered again"),
    "off_late": ("het bewaren van {0} was al klaar voor het uitzetten", "the save of {0} was done before the switching off"),
    "synced": ("verstuurd en ontvangen: {0} van {1}, verwerkt {2}", "sent and received: {0} of {1}, merged {2}"),
    "sync_cut": ("verbinding na {0} bytes weggevallen: {1}", "connection cut after {0} bytes: {1}"),
    "sync_uncut": ("klaar voordat de verbinding wegviel ({0} bytes)", "done before the connection was cut ({0} bytes)"),
    "bar_round": ("ronde", "round"),
    "bar_saved": ("bewaard", "saved"),
    "bar_received": ("ontvangen", "received"),
    "bar_merged": ("verwerkt", "merged"),
    "overview": ("Het overzicht van de coördinator", "The coordinator's overview"),
    "as_expected": ("Klopt: {0} contacten van {1} handhelds, alle {2} gegevens zoals het scenario ze verwacht ({3} s).",
                    "Right: {0} contacts from {1} handhelds, all {2} figures as the scenario expects ({3} s)."),
    "unexpected": ("Klopt niet: {0} is {1}, het scenario verwacht {2}.", "Wrong: {0} is {1}, the scenario expects {2}."),
    "weekly_sync": ("{0} verstuurd, samen ontvangen {1}, verwerkt {2}", "{0} sent, in all received {1}, merged {2}"),
    "clock_wrong": ("begint opnieuw, de klok zegt {0}", "starts anew, its clock says {0}"),
    "clock_right": ("klok goed gezet", "clock set right"),
    "half_year_kinds": ("Vastgelegd, per soort", "Recorded, by kind"),
    "half_year_times": ("Ontvangen en verwerkt: {0} van de handhelds, in {1} syncs, samen {2} s. Alles opnieuw geopend en verwerkt: {3} in {4} s, met hetzelfde resultaat.",
                        "Received and merged: {0} from the handhelds, in {1} syncs, {2} s together. All opened and merged again: {3} in {4} s, to the same result."),
    "half_year_right": ("Klopt: {0} contacten en {1} andere gegevens, alle {2} cijfers zoals het scenario ze verwacht ({3} s).",
                        "Right: {0} contacts and {1} other records, all {2} figures as the scenario expects ({3} s)."),
    "half_year_too": ("Een half jaar in seconden: tools/run tools/scenarios/half-year.json", "Half a year in seconds: tools/run tools/scenarios/half-year.json"),
    "ui_pin": ("De schermen van {0}: haar pincode is {1}.", "The screens of {0}: her PIN is {1}."),
    "ui_pictures": ("Geen beeldscherm hier: plaatjes van de schermen staan in {0}", "No display here: pictures of the screens are in {0}"),
    "stopped": ("Gestopt.", "Stopped."),
    "kept": ("De server draait door op {0}. Gegevens: {1}. Stoppen: {2}", "The server keeps running at {0}. Data: {1}. To stop it: {2}"),
    "page": ("De pagina van de coördinator: {0}", "The coordinator's page: {0}"),
    "invitation": ("Eenmalige uitnodiging voor {0}: {1}", "Invitation for {0}, serves once: {1}"),
    "page_needs_keep": ("De pagina van de coördinator bekijken: tools/run --keep", "To look at the coordinator's page: tools/run --keep"),
    "look": ("Kijk rond, bijvoorbeeld: {0}", "Look around, for example: {0}"),
    "server_stopped": ("De server is gestopt.", "The server has stopped."),
    "no_server": ("Er draait geen server van een avond in {0}.", "No server of an evening runs in {0}."),
    "server_runs": ("In {0} draait nog een server van een vorige avond. Stop hem eerst: {1}",
                    "A server of an earlier evening still runs in {0}. Stop it first: {1}"),
    "folder_not_ours": ("{0} is niet leeg en geen map van een avond; kies een andere met --data.",
                        "{0} is not empty and not an evening's folder; choose another with --data."),
    "step_failed": ("{0}: {1}", "{0}: {1}"),
    "scene": ("scene {0}, stap {1}", "scene {0}, step {1}"),
    "no_faketime": ("libfaketime ontbreekt; draai tools/setup core", "libfaketime is missing; run tools/setup core"),
    "bad_file": ("{0}: {1}", "{0}: {1}"),
}


def language():
    """LANTAARN_LANG, else the first of the locale's variables that is set; Dutch when that says neither."""
    for name in ("LANTAARN_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        value = os.environ.get(name, "")
        if value:
            return "en" if value.startswith("en") else "nl"
    return "nl"


LANGUAGE = language()


def text(key, *args):
    return TEXTS[key][LANGUAGE == "en"].format(*args)


def own_text(value):
    """A text of the scenario: plain, or {"nl": ..., "en": ...}."""
    if isinstance(value, dict):
        return value.get(LANGUAGE) or next(iter(value.values()))
    return value
