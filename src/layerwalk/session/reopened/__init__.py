"""Saved sessions, read back: reports and journals, whole, broken off, damaged or hostile."""
