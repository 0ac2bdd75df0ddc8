"""Tidegauge: how much of a ChatGPT plan's Codex limits is used, and when it comes back."""

NAME = "Tidegauge"
COMMAND = "tidegauge"
APP_ID = "io.github.tidegauge.Tidegauge"
VERSION = "0.1.0"

KEYRING_CHILD_OPTION = "--keyring-child"  # how a frozen program starts its own keyring process
SIGN_IN_WINDOW_OPTION = "--sign-in-window"  # and its own sign-in window
