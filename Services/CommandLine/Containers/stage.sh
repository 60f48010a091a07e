#!/usr/bin/env bash
# Collects what the container image holds: the executables, stripped, and the Swift runtime they need.
# Usage: stage.sh RELEASE_DIRECTORY TARGET_DIRECTORY
set -euo pipefail
release=$1
target=$2
rm -rf "$target"
mkdir -p "$target/bin" "$target/lib"
# What compose.yaml starts, and `ieum` for the health checks.
compose=$(dirname "$0")/../../../compose.yaml
mapfile -t names < <(echo ieum; sed -nE 's/^    command: \[(ieum-[a-z]+)\]$/\1/p' "$compose")
[ "${#names[@]}" -gt 1 ] || { echo "no executables found in $compose" >&2; exit 1; }
for name in "${names[@]}"; do
    strip -o "$target/bin/$name" "$release/$name"
done
# The runtime comes from the toolchain; everything else is a Debian package (see Containerfile).
runtime=$(dirname "$(readlink -f "$(command -v swift)")")/../lib/swift/linux
ldd "${names[@]/#/$release/}" | awk '/=> \// {print $3}' | sort -u | while read -r library; do
    case "$(readlink -f "$library")" in
        "$(readlink -f "$runtime")"/*) cp -L "$library" "$target/lib/" ;;
    esac
done
du -sh "$target"
