"""What can be measured: one probe a file, facts out, no opinions."""
