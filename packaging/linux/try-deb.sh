#!/bin/sh
# Tries a .deb in a Debian that may be thrown away (a container, a chroot), as root: installs it
# over an older version that runs, starts it, lets it start with the desktop, removes and purges it.
#   sh packaging/linux/try-deb.sh dist/tidegauge_*.deb [FOLDER FOR PICTURES]
set -eu
package=$(readlink -f "$1")
pictures=${2:-}
work=$(mktemp -d)
person=tidegauge-person

say() { printf '== %s\n' "$*"; }
fail() {
    printf 'FAILED: %s\n' "$*" >&2
    exit 1
}
[ ! -e /opt/tidegauge ] || fail "Tidegauge is installed here already"

export DEBIAN_FRONTEND=noninteractive
say "preparing: an X display, a tray host, a session bus, and what the package depends on"
apt-get update -qq
apt-get install -qq --no-install-recommends \
    xvfb xauth trayer openbox dbus-daemon dex x11-utils xdotool imagemagick procps \
    fonts-dejavu-core >/dev/null
apt-get satisfy -qq --no-install-recommends "$(dpkg-deb --field "$package" Depends)" >/dev/null
dpkg-deb --raw-extract "$package" "$work/older"
sed -i 's/^Version: .*/Version: 0.0.1-1/' "$work/older/DEBIAN/control"
touch -d 2026-01-01 "$work/older/opt/tidegauge/_internal/app/__init__.pyc"
dpkg-deb -Znone --build "$work/older" "$work/older.deb" >/dev/null
rm -r "$work/older"
useradd --create-home "$person"
home=/home/$person

# Everything of the system but caches, logs and what belongs to the package manager or a person.
# An empty /opt is nobody's: dpkg takes it away.
files() {
    find / -xdev \( -path /proc -o -path /sys -o -path /dev -o -path /tmp -o -path /home \
        -o -path /run -o -path /var/cache -o -path /var/log -o -path /var/lib/dpkg \
        -o -path /var/lib/apt -o -path "$work" -o -path "${pictures:-/none}" -o -name icon-theme.cache \
        -o -name mimeinfo.cache \) -prune -o ! -path /opt -print | sort
}
files >"$work/before"

bus=unix:path=$work/run/bus
become="runuser -u $person -- env -i HOME=$home PATH=/usr/bin:/bin LANG=C.UTF-8
    XDG_RUNTIME_DIR=$work/run DISPLAY=:77 DBUS_SESSION_BUS_ADDRESS=$bus"
# shellcheck disable=SC2086  # words without blanks
as_person() { $become "$@"; }
running() { pgrep -u "$person" -x tidegauge >/dev/null; }
wait_for() {
    for _ in $(seq 100); do
        if "$@"; then return 0; fi
        sleep 0.2
    done
    as_person xwininfo -root -tree | grep -v "(has no name)" >&2
    fail "waited in vain for: $*"
}
gone() { ! running; }
in_tray() {
    as_person xwininfo -root -tree | grep -q '("tidegauge" "Tidegauge") *22x22'
}
window() {
    as_person xwininfo -root -tree | grep -qF "\"$1\""
}
picture() {
    [ -z "$pictures" ] || as_person import -window root "png:-" >"$pictures/$1.png"
}
quit() {
    as_person tidegauge --quit
    wait_for gone
}

chmod 711 "$work"
install -d -m 700 -o "$person" "$work/run"
started=
# A program of the desktop, ended with this script.
in_desktop() {
    # shellcheck disable=SC2086  # words without blanks
    (exec $become "$@") >/dev/null 2>&1 &
    started="$! $started"
}
end() {
    # shellcheck disable=SC2086  # process ids
    [ -z "$started" ] || kill $started 2>/dev/null || true
    rm -rf "$work"
}
trap end EXIT
in_desktop dbus-daemon --session --nofork --address="$bus"
in_desktop Xvfb :77 -screen 0 1280x800x24
wait_for test -S /tmp/.X11-unix/X77 -a -S "$work/run/bus"
in_desktop openbox
in_desktop trayer --edge bottom --align right --width 20 --height 24

say "an older version is installed and used"
apt-get install -qq --no-install-recommends "$work/older.deb" >/dev/null
as_person tidegauge --version
as_person tidegauge --demo status
as_person tidegauge config set poll_idle_s 1234
as_person tidegauge autostart on
as_person tidegauge autostart status
cat "$home/.config/autostart/"*.desktop

say "the new version is installed over it while it runs, and the settings stay"
in_desktop tidegauge
wait_for in_tray
older=$(pgrep -u "$person" -o -x tidegauge)
apt-get install -qq --no-install-recommends "$package" >/dev/null
[ "$(dpkg-query --show --showformat '${Version}' tidegauge)" != 0.0.1-1 ] || fail "not upgraded"
[ "$(as_person tidegauge config get poll_idle_s)" = 1234 ] || fail "the setting is gone"
as_person tidegauge autostart status

say "the older one goes on, says so, and leads to the new one"
in_tray || fail "the update ended it"
as_person tidegauge --show
wait_for window "Tidegauge was updated"
sleep 1
picture updated
as_person xdotool search --name "Tidegauge was updated" windowactivate --sync
as_person xdotool key Return
wait_for window "Tidegauge: limits"
wait_for in_tray
picture restarted
[ "$(pgrep -u "$person" -o -x tidegauge)" = "$older" ] || fail "another process took its place"
! grep ERROR "$home/.local/state/tidegauge/log/tidegauge.log" || fail "something failed"
quit

say "it starts from the menu entry and sits in the tray"
command=$(sed -n 's/^Exec=//p' /usr/share/applications/io.github.tidegauge.Tidegauge.desktop | head -1)
# shellcheck disable=SC2086  # the entry's own words, split as a desktop would
as_person $command &
wait_for running
wait_for in_tray
sleep 3
picture started
! grep -q WebEngine "/proc/$(pgrep -u "$person" -o -x tidegauge)/maps" ||
    fail "the browser engine is loaded"
quit

say "it starts with the desktop, hidden"
as_person dex --autostart --environment TEST
wait_for running
wait_for in_tray
sleep 3
picture autostarted

say "removed, it ends and leaves nothing but what a person made with it"
apt-get remove -qq tidegauge >/dev/null
wait_for gone
[ ! -e /usr/bin/tidegauge ] || fail "the command is left"
as_person dex --autostart --environment TEST
sleep 1
gone || fail "it still starts"
[ -f "$home/.config/tidegauge/settings.toml" ] || fail "the settings went with it"

say "purged, it leaves nothing of itself either"
apt-get install -qq --no-install-recommends "$package" >/dev/null
apt-get purge -qq tidegauge >/dev/null
[ -f "$home/.config/tidegauge/settings.toml" ] || fail "the settings went with it"
files >"$work/after"
diff "$work/before" "$work/after" || fail "purging left files, or took some"
say "fine"
