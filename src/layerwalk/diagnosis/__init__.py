"""What the facts mean. Pure: no clock, no randomness, no input or output."""
