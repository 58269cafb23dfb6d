#!/bin/sh
# prepare.sh AQD SOURCE OUT: lays out what the scenarios need in OUT, every contract compiled once, so that a program without the compiler
# can play them, too. The scenarios of the pilots come with their genesis; its sources become modules.
set -eu
aqd=$1 source=$2 out=$3
rm -rf "$out"
mkdir -p "$out/decree/civil"
cp -r "$source/tests/acceptance/scenarios" "$source/tests/acceptance/genesis.json" "$source/tests/acceptance/holidays.csv" "$out"

"$aqd" build -o "$out/modules" \
    "$source/stdlib/std/calendar/morocco.aqd" \
    "$source/contracts/gov/gov/bodies.aqd" "$source/contracts/gov/gov/tender.aqd" \
    "$source/contracts/civil_death/civil/notices.aqd" "$source/contracts/civil_death/civil/birth.aqd" \
    "$source/contracts/civil_death/civil/death.aqd" "$source/contracts/cnss_attestation/cnss/attestation.aqd"
sed -i -e 's#"\.\./\.\./stdlib/std/calendar/\([a-z]*\)\.aqd"#"modules/std.calendar.\1.wasm"#' \
    -e 's#"\.\./\.\./contracts/[a-z_]*/\([a-z]*\)/\([a-z]*\)\.aqd"#"modules/\1.\2.wasm"#' "$out/genesis.json"

sed -f "$source/tests/acceptance/decree.sed" "$source/contracts/civil_death/civil/death.aqd" >"$out/decree/civil/death.aqd"
cat >"$out/decree/aqd.toml" <<TOML
[modules]
roots = [".", "$source/contracts/gov", "$source/contracts/civil_death", "$source/stdlib"]
TOML
"$aqd" build -o "$out/decree" "$out/decree/civil/death.aqd"
