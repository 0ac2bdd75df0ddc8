"""Everything made of Qt widgets; nothing in here decides."""

STYLED = "tidegauge.styled"  # a property of the application: it has its style
