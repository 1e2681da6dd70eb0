"""The parts of the walk screen. Each shows one frozen state and asks no other part."""
