"""What the tests of the desktop's services need of the system."""

from __future__ import annotations

import sys

if sys.platform != "linux":
    collect_ignore = ["test_machine.py"]  # message buses
