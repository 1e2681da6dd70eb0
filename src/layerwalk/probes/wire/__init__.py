"""How packets leave and come back: templates, raw sockets, pacing, and matching by identity."""
