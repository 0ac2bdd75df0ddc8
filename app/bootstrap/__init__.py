"""Composition root of the tray program: the icon first (`tray_program`), then the loop
(`running`), then everything else (`whole_program`, `desktop_parts`)."""
