"""What a person faces: the app and the command line. Knows no packet."""
