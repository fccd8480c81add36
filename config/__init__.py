"""Sets: settings, process definitions, calendars and the clock."""
