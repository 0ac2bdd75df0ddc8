"""Everything made of Qt widgets; nothing in here decides."""
