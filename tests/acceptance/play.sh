#!/bin/sh
# play.sh AQD OUT SCENARIO: plays one scenario on a new ledger, then executes every block again from the genesis and compares.
set -eu
aqd=$1 out=$2 scenario=$3
ledger="$out/ledgers/$(basename "$scenario" .json)"
mkdir -p "$out/ledgers"
rm -rf "$ledger"
"$aqd" run --ledger "$ledger" "$scenario"
"$aqd" replay --ledger "$ledger"
