"""An office that writes at any hour of any day and gathers nothing, for what does not depend on when a mail goes."""

from cases.mail_wishes import ALWAYS, Wishes
from config.settings import Settings
from notifications.when import Customs

AT_ONCE = Customs(Wishes(hours=ALWAYS, every_day=True), daily=1000, burst=1000)


def at_once(settings: Settings) -> Settings:
    """Return the settings of such an office."""
    changes = {"mail_hours": str(ALWAYS), "mail_on_working_days": False, "mail_daily": 1000, "mail_burst": 1000}
    return settings.model_copy(update=changes)
