"""One clear line, and the exit code with it."""


class Refused(Exception):
    """The evening cannot be played, or did not come out as expected."""
    exit_code = 1


class BadScenario(Refused):
    """The scenario file says something that cannot be played."""
    exit_code = 2
