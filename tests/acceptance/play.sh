#!/bin/sh
# play.sh AQD OUT SCENARIO: plays one scenario on a new ledger, then executes every block again from the genesis and compares.
set -eu
aqd=$1 out=$2 scenario=$3
ledger="$out/ledgers/$(basename "$scenario" .json)"
mkdir -p "$out/ledgers"
rm -rf "$ledger"
"$aqd" run --ledger "$ledger" "$scenario"
"$aqd" replay --ledger "$ledger"
# A deadline or a delivery that failed leaves a mark that no scenario may have.
if grep -aq faulted "$ledger"/receipts* 2>/dev/null; then
    echo "a case is faulted"
    exit 1
fi
