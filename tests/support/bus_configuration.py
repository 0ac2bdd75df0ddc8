"""What a private message bus allows: everything, to everybody who may open its socket."""

from __future__ import annotations

from pathlib import Path


def bus_configuration(socket: Path, *, kind: str = "session", services: Path | None = None) -> str:
    """The configuration of a "session" or "system" bus that listens at `socket`.

    It starts by itself only what stands in the folder `services`.
    """
    activated = f"\n  <servicedir>{services}</servicedir>" if services else ""
    return f"""\
<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>{kind}</type>
  <listen>unix:path={socket}</listen>{activated}
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/><allow own="*"/>
  </policy>
</busconfig>
"""
