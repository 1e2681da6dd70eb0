"""What can go wrong with a lab itself."""


class LabError(Exception):
    """The network could not be built; the text says what refused, in its own words."""
