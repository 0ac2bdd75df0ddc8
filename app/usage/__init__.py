"""Rate-limit windows: reading, judging and polling them."""
