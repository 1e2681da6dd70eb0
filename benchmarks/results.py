"""The page of results: sections that can be measured anew one at a time."""

import re
from collections.abc import Mapping, Sequence

HEAD = "# What layerwalk takes\n"
_SECTION = re.compile(r"^## (.+)$", re.MULTILINE)


def sections(page: str) -> dict[str, str]:
    """The sections of a page by their titles, each with its heading."""
    found = [*_SECTION.finditer(page)]
    ends = [later.start() for later in found[1:]] + [len(page)] * bool(found)
    return {
        heading[1]: page[heading.start() : end].rstrip() + "\n"
        for heading, end in zip(found, ends, strict=True)
    }


def renewed(page: str, anew: Mapping[str, str], order: Sequence[str]) -> str:
    """The page with these sections in the place of those that had their titles.

    Known sections come in their order; those that nobody knows any more are left out.
    """
    every = {**sections(page), **anew}
    return "\n".join([HEAD, *(every[title] for title in order if title in every)])
