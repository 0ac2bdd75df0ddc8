"""The sign-in window: a process of its own, and the only one that loads QtWebEngine."""
