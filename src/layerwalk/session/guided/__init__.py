"""Guided mode: what is offered to a person before each step, and what the person decides."""
