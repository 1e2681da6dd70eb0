"""How packets leave and come back: templates, two kinds of means, pacing, and matching."""
