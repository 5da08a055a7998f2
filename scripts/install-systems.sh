#!/bin/sh
# Installs on Debian what `npm run test:systems` needs and is not there yet: the AWS CLI, boto3 and other shells; and
# what `npm run test:windows` needs, which is a part of it.
set -eu

packages=""
[ -x /usr/bin/aws ] || packages="$packages awscli"
/usr/bin/python3 -c "import boto3" 2>/dev/null || packages="$packages python3-boto3"
for shell in bash zsh fish; do
  command -v "$shell" >/dev/null || packages="$packages $shell"
done
command -v ps >/dev/null || packages="$packages procps"
if [ -n "$packages" ]; then
  apt-get update -qq
  # shellcheck disable=SC2086 # a list of names
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $packages >/dev/null
fi
"$(dirname "$0")/install-windows.sh"
