"""How times are written."""

_LONG_S = 10_000


def seconds(value: float) -> str:
    """Write a time limit as people do: ``5 s``, ``0.25 s``, ``924.6 s``."""
    return f"{value:.0f} s" if value >= _LONG_S else f"{value:.4g} s"
