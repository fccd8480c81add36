"""Tells: who hears what, in which words and language, over SMTP."""
