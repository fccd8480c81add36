"""Shows and asks: pages, HTTP API and command line."""
