"""The journal: every event of a walk, as it comes, in a file of its own."""
