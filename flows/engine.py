"""The environment in which Prefect runs on one machine: quiet, local and small.

Prefect reads its settings when it is imported, so the mapping is given to the processes that a supervisor starts;
this module itself never imports Prefect.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

LOOPBACK = "127.0.0.1"

KEPT = timedelta(days=3)
"""How long finished runs and events stay in Prefect's own database; the record of a case is ours and stays."""

# Silence towards the outside, and towards people who did not ask.
PRIVATE = {
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "DO_NOT_TRACK": "1",
    "PREFECT_SERVER_UI_SHOW_PROMOTIONAL_CONTENT": "false",
    "PREFECT_CLOUD_ENABLE_ORCHESTRATION_TELEMETRY": "false",
    "PREFECT_TELEMETRY_ENABLE_RESOURCE_METRICS": "false",
    "PREFECT_LOGGING_LEVEL": "WARNING",
    "PREFECT_SERVER_LOGGING_LEVEL": "WARNING",
    "PREFECT_LOGGING_TO_API_WHEN_MISSING_FLOW": "ignore",
}

# A sweep can be repeated at any time, so nothing of it is worth caching or keeping outside our database.
FORGETFUL = {
    "PREFECT_RESULTS_PERSIST_BY_DEFAULT": "false",
    "PREFECT_TASKS_DEFAULT_NO_CACHE": "true",
    "PREFECT_TASKS_DEFAULT_PERSIST_RESULT": "false",
    "PREFECT_SERVER_MEMOIZE_BLOCK_AUTO_REGISTRATION": "true",
}

# Few runs ahead: what is not scheduled yet cannot pile up while the machine sleeps. The horizon of two minutes is
# more than two rounds of the scheduler, so no sweep is left out between rounds.
NEAR = {
    "PREFECT_SERVER_SERVICES_SCHEDULER_LOOP_SECONDS": "45",
    "PREFECT_SERVER_SERVICES_SCHEDULER_MIN_RUNS": "1",
    "PREFECT_SERVER_SERVICES_SCHEDULER_MAX_RUNS": "30",
    "PREFECT_SERVER_SERVICES_SCHEDULER_MIN_SCHEDULED_TIME": "PT2M",
}

# A run takes its deployment's only slot when the worker fetches it. Fetched early it would hold the slot while it
# waits, and CANCEL_NEW would strike out the run before it; so nothing is fetched ahead of its time.
PUNCTUAL = {
    "PREFECT_WORKER_QUERY_SECONDS": "5",
    "PREFECT_WORKER_PREFETCH_SECONDS": "0",
    "PREFECT_WORKER_HEARTBEAT_SECONDS": "30",
}

# Leases stay in memory, the default. On files they wait for a file lock inside a write transaction of SQLite, which
# stood still for a minute in 3.8.8; what a dead server leaves taken is freed by `deployments.free_slots`.
RECOVERING = {"PREFECT_SERVER_CONCURRENCY_INITIAL_DEPLOYMENT_LEASE_DURATION": "60"}

# Loops of the server that look for things we never leave behind may look less often.
UNHURRIED = {
    "PREFECT_SERVER_SERVICES_LATE_RUNS_LOOP_SECONDS": "30",
    "PREFECT_SERVER_SERVICES_LATE_RUNS_AFTER_SECONDS": "60",
    "PREFECT_SERVER_SERVICES_PAUSE_EXPIRATIONS_ENABLED": "false",
    "PREFECT_SERVER_SERVICES_CANCELLATION_CLEANUP_LOOP_SECONDS": "60",
    "PREFECT_SERVER_SERVICES_CLEANUP_RECONCILER_LOOP_SECONDS": "60",
    "PREFECT_SERVER_SERVICES_REPOSSESSOR_LOOP_SECONDS": "30",
    "PREFECT_SERVER_SERVICES_FOREMAN_LOOP_SECONDS": "30",
}


def engine_environment(data: Path, *, api_port: int, kept: timedelta = KEPT) -> dict[str, str]:
    """Give every setting that Prefect's server and our worker need, to be set before Prefect is imported.

    `data` is our data folder, which must exist and in which Prefect makes a folder of its own; `api_port` is where
    its server listens on the loopback address; `kept` is how long finished runs and events stay (more than an hour).
    """
    return {
        **_address(api_port),
        **_retention(kept),
        "PREFECT_HOME": str(data.resolve() / "prefect"),
        **PRIVATE,
        **FORGETFUL,
        **NEAR,
        **PUNCTUAL,
        **RECOVERING,
        **UNHURRIED,
    }


def health_url(api_port: int) -> str:
    """Give the address that answers 200 once Prefect's server is ready."""
    return f"http://{LOOPBACK}:{api_port}/api/health"


def _address(api_port: int) -> Mapping[str, str]:
    return {
        "PREFECT_API_URL": f"http://{LOOPBACK}:{api_port}/api",
        "PREFECT_SERVER_API_HOST": LOOPBACK,
        "PREFECT_SERVER_API_PORT": str(api_port),
    }


def _retention(kept: timedelta) -> Mapping[str, str]:
    seconds = str(int(kept.total_seconds()))
    return {
        "PREFECT_SERVER_SERVICES_DB_VACUUM_ENABLED": "events,flow_runs",
        "PREFECT_SERVER_SERVICES_DB_VACUUM_RETENTION_PERIOD": seconds,
        "PREFECT_SERVER_EVENTS_RETENTION_PERIOD": f"PT{seconds}S",
    }
