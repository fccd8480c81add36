"""Records: the tables, the unit of work, the use cases and the read models."""
