#!/bin/sh
# Runs a command as on a machine with nothing but Node.js: `scripts/bare.sh npm test`. The PATH leads to Node.js, sh and
# the coreutils alone, and the home folder is empty.
set -eu

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
mkdir "$folder/bin" "$folder/home"
for name in node npm npx sh env [ basename cat chmod chown cp cut date dirname echo expr false head id kill ln ls \
  mkdir mkfifo mktemp mv printf pwd readlink rm rmdir seq sleep sort stat stty tail tee test timeout touch tr true tty \
  uname wc whoami yes; do
  path=$(command -v "$name") || continue
  # Of a built-in command of this shell, `command -v` gives the name.
  [ -x "$path" ] || path=/usr/bin/$name
  [ ! -x "$path" ] || ln -s "$path" "$folder/bin/$name"
done
PATH="$folder/bin" HOME="$folder/home" "$@"
