"""Schedules: the heartbeats, follow-ups and housekeeping, under Prefect or without it."""
