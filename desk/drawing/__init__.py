"""The drawing room: pictures as SVG, made here and nowhere else, each with the table that says the same in words."""
