"""The same acts and lists as the pages, as JSON for programs."""
