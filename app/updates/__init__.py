"""Whether there is a newer version: looked for once a day if the person wishes, never fetched."""
