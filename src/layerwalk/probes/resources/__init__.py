"""What this machine and its processes have left: read from /proc and the control groups."""
