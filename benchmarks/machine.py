"""The machine that was measured on, in words that fit many machines."""

import os
import platform

BUSY = 0.25  # of a core, before anything was measured


def described(load: float) -> str:
    """Cores, kernel and Python, and whether others were at work when the run began."""
    kernel = ".".join(platform.release().split(".")[:2])
    cores = os.cpu_count() or 1
    python = ".".join(platform.python_version_tuple()[:2])
    words = f"Measured in the lab on {cores} cores with Linux {kernel} and Python {python}."
    if load > BUSY * cores:
        words += (
            f" The machine was busy with other work (load {load:.1f} at the start): the absolute"
            " figures are upper bounds, the ratios are what counts."
        )
    return words


def load() -> float:
    """How many processes wanted a core during the last minute, on average."""
    return os.getloadavg()[0]
