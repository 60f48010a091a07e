#!/usr/bin/env bash
# Collects what the container image holds: the executables, stripped, and the Swift runtime they need.
# Usage: stage.sh RELEASE_DIRECTORY TARGET_DIRECTORY
set -euo pipefail
release=$1
target=$2
rm -rf "$target"
mkdir -p "$target/bin" "$target/lib"
names=(ieum ieum-gateway ieum-matching ieum-fund ieum-talent ieum-testbed)
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
