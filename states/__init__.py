"""Decides: the pure rules and the state machines of a case; no I/O, no clock, no database."""
