"""A small broken network on this machine, to order: for the demo, the tests and the benchmarks."""
