"""Settings of an office that writes at any hour of any day and gathers nothing, where it does not matter when."""

from config.settings import Settings
from notifications.when import AT_ONCE

CUSTOMS = {
    "mail_hours": str(AT_ONCE.wishes.hours),
    "mail_on_working_days": False,
    "mail_daily": AT_ONCE.daily,
    "mail_burst": AT_ONCE.burst,
}


def at_once(settings: Settings) -> Settings:
    """Return the settings of such an office."""
    return settings.model_copy(update=CUSTOMS)
