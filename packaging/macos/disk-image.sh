#!/bin/bash
# Signs dist/Tidegauge.app from the inside out, puts it into dist/tidegauge-VERSION.dmg and, with
# a profile, has the image notarised. Run on macOS after `dev.py bundle`; never run so far.
#   TIDEGAUGE_IDENTITY         "Developer ID Application: …" of the keychain; unset: signed ad hoc,
#                              good for this Mac and for whoever allows it
#   TIDEGAUGE_NOTARY_PROFILE   what `xcrun notarytool store-credentials` was told; unset: no notary
set -euo pipefail
cd "$(dirname "$0")/../.."
identity=${TIDEGAUGE_IDENTITY:--}
app=dist/Tidegauge.app
entitlements=packaging/macos/entitlements.plist
version=$(sed -n 's/^VERSION = "\(.*\)"$/\1/p' app/__init__.py)
image=dist/tidegauge-$version.dmg
[ -d "$app" ] || { echo "$app is missing: python3 packaging/dev.py bundle makes it" >&2; exit 1; }

sign() {
    local stamp=--timestamp
    [ "$identity" != - ] || stamp=--timestamp=none
    codesign --force --options runtime "$stamp" --sign "$identity" "$@"
}

# Not --deep: each piece by itself, what contains it afterwards.
find "$app/Contents" -type f \( -name '*.dylib' -o -name '*.so' \) -print0 |
    while IFS= read -r -d '' library; do sign "$library"; done
find "$app/Contents" -type d -name 'QtWebEngineProcess.app' -print0 |
    while IFS= read -r -d '' helper; do sign --entitlements "$entitlements" "$helper"; done
find "$app/Contents" -type d -name '*.framework' -print0 |
    while IFS= read -r -d '' framework; do sign "$framework"; done
sign --entitlements "$entitlements" "$app/Contents/MacOS/tidegauge"
sign --entitlements "$entitlements" "$app"
codesign --verify --deep --strict --verbose=2 "$app"

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
ditto "$app" "$folder/Tidegauge.app"
ln -s /Applications "$folder/Applications"
rm -f "$image"
hdiutil create -volname Tidegauge -srcfolder "$folder" -format UDZO "$image"

if [ "$identity" != - ]; then
    codesign --timestamp --sign "$identity" "$image"
fi
if [ -n "${TIDEGAUGE_NOTARY_PROFILE:-}" ]; then
    xcrun notarytool submit "$image" --keychain-profile "$TIDEGAUGE_NOTARY_PROFILE" --wait
    xcrun stapler staple "$image"
    spctl --assess --type open --context context:primary-signature --verbose "$image"
fi
echo "$image"
