"""Tidegauge: how much of a ChatGPT plan's Codex limits is used, and when it comes back."""

NAME = "Tidegauge"
COMMAND = "tidegauge"
APP_ID = "io.github.tidegauge.Tidegauge"
VERSION = "0.1.0"
# Where the project is found, and what tells its newest release (`app.updates.reply` says how).
# A name reserved for examples means that this build has no such address: then no link is shown and
# nobody is asked. Whoever publishes packages sets them here, and nowhere else in the program.
PROJECT_URL = "https://example.org/tidegauge"
RELEASES_URL = "https://example.org/tidegauge/latest.json"

KEYRING_CHILD_OPTION = "--keyring-child"  # how a frozen program starts its own keyring process
SIGN_IN_WINDOW_OPTION = "--sign-in-window"  # and its own sign-in window
