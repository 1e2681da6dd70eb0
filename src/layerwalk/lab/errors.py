"""What can go wrong with a lab itself."""


class LabError(Exception):
    """The network could not be built; the text says what refused, in its own words."""


class UnavailableError(LabError):
    """This machine, or this user, lacks what the network takes; the text names it."""
