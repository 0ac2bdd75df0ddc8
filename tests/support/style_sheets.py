"""The style sheet of an application that has none: one that says nothing."""

from __future__ import annotations

NO_SHEET = "/* none */"
