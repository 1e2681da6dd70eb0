"""One diagnosis from start to saved report: threads, tree, events, journal, reports. No screen."""
