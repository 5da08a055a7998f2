#!/bin/sh
# Installs on Debian what `npm run test:systems` needs and is not there yet: the AWS CLI, boto3, other shells, a
# keychain; in cache folders its npm package, the AWS CLI 1, and clients of other SDKs; and what `npm run test:windows`
# needs, which is a part of it.
set -eu

packages=""
[ -x /usr/bin/aws ] || packages="$packages awscli"
/usr/bin/python3 -c "import boto3" 2>/dev/null || packages="$packages python3-boto3"
/usr/bin/python3 -c "import ensurepip" 2>/dev/null || packages="$packages python3-venv"
for shell in bash zsh fish; do
  command -v "$shell" >/dev/null || packages="$packages $shell"
done
command -v javac >/dev/null || packages="$packages default-jdk-headless"
command -v mvn >/dev/null || packages="$packages maven"
command -v ps >/dev/null || packages="$packages procps"
command -v dbus-run-session >/dev/null || packages="$packages dbus"
command -v gnome-keyring-daemon >/dev/null || packages="$packages gnome-keyring"
if [ -n "$packages" ]; then
  apt-get update -qq
  # shellcheck disable=SC2086 # a list of names
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $packages >/dev/null
fi
keyring=${PUM_TEST_KEYRING:-$HOME/.cache/pum-aws-keyring}
if [ ! -d "$keyring/node_modules/@napi-rs/keyring" ]; then
  mkdir -p "$keyring"
  npm install --silent --no-save --no-audit --no-fund --ignore-scripts --prefix "$keyring" @napi-rs/keyring@2.1.2
fi
cli1=${PUM_TEST_AWS_CLI_1:-$HOME/.cache/pum-aws-cli-1}
if ! "$cli1/bin/aws" --version 2>/dev/null | grep -q "^aws-cli/1\.46\.2 "; then
  rm -rf "$cli1"
  /usr/bin/python3 -m venv "$cli1"
  "$cli1/bin/pip" install --quiet --disable-pip-version-check awscli==1.46.2
fi
"$(dirname "$0")/install-clients.sh"
"$(dirname "$0")/install-windows.sh"
