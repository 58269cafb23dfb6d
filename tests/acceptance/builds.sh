#!/bin/sh
# builds.sh OUT BUILD…: the scenarios of the pilots, played by the program of each build folder. Every build with a compiler has to make the
# same octets of the contracts, and every build the same roots of the chains. The first one has to have a compiler.
set -eu
out=$1
shift
source=$(cd "$(dirname "$0")/../.." && pwd)
first=$1
rm -rf "$out"
mkdir -p "$out"

for build in "$@"; do
    name=$(basename "$build")
    aqd="$build/cli/aqd"
    if grep -q '^AQD_COMPILER:BOOL=\(ON\|true\)' "$build/CMakeCache.txt"; then
        "$source/tests/acceptance/prepare.sh" "$aqd" "$source" "$out/$name" >"$out/$name.log"
        diff -r "$out/$(basename "$first")/modules" "$out/$name/modules" || {
            echo "$name compiles the contracts to other octets than $(basename "$first")"
            exit 1
        }
    else
        # What the first build has compiled.
        cp -r "$out/$(basename "$first")" "$out/$name"
        rm -rf "$out/$name/ledgers"
    fi
done

for build in "$@"; do
    name=$(basename "$build")
    for scenario in "$out/$name"/scenarios/*.json; do
        short=$(basename "$scenario" .json)
        "$build/cli/aqd" run --json --ledger "$out/$name/ledgers/$short" "$scenario" >"$out/$name.$short.json" || {
            echo "$name does not play $short as expected: $(cat "$out/$name.$short.json")" >&2
            exit 1
        }
        root=$(sed -n 's/.*"state_root": *"\([0-9a-f]*\)".*/\1/p' "$out/$name.$short.json" | tail -n 1)
        echo "$short $root"
    done >"$out/$name.roots"
    printf '%-10s %s scenarios, %s\n' "$name" "$(wc -l <"$out/$name.roots")" "$(sha256sum <"$out/$name.roots" | cut -c1-64)"
done

for build in "$@"; do
    diff "$out/$(basename "$first").roots" "$out/$(basename "$build").roots" || {
        echo "$(basename "$build") comes to other roots than $(basename "$first")"
        exit 1
    }
done
