#!/bin/sh
# Plays the two pilot procedures on a ledger of their own: `./dev demo` runs this after building.
# Usage: demo.sh BUILD_DIR
set -eu

build=${1:?usage: demo.sh BUILD_DIR}
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
aqd=$build/cli/aqd
cd "$root"
demo=$(dirname "$build")/demo
case $demo in "$root"/*) demo=${demo#"$root"/} ;; esac
rm -rf "$demo"
mkdir -p "$demo"

# What fits a terminal is coloured by the program itself.
if [ -t 1 ] && [ -z "${NO_COLOR:-}" ]; then
    bold=$(printf '\033[1m') green=$(printf '\033[32m') plain=$(printf '\033[0m')
else
    bold='' green='' plain=''
fi

printf '%s\n\n' "${bold}Aqd demo${plain} · two procedures on one embedded ledger"
"$aqd" build -o "$demo" contracts/civil_death/civil/death.aqd contracts/civil_death/civil/birth.aqd \
    contracts/gov/gov/tender.aqd contracts/cnss_attestation/cnss/attestation.aqd
"$aqd" init examples/pilots/genesis.json --ledger "$demo/ledger"

AQD_LEDGER=$demo/ledger
export AQD_LEDGER
"$aqd" run examples/pilots/fatima.json
"$aqd" case fatima
"$aqd" run examples/pilots/day.json
"$aqd" obligations --overdue --body Fund:CIMR | tail -n 3
"$aqd" run examples/pilots/atlas.json examples/pilots/tenders.json

printf '\n'
"$aqd" prove --register civil.death.in_force --key '#fatima' --out "$demo/fatima.proof"
"$aqd" verify "$demo/fatima.proof" --trust "$demo/ledger/chain.json"

# One octet in the middle becomes another: no longer a proof of anything.
size=$(wc -c <"$demo/fatima.proof")
middle=$((size / 2))
octet=$(od -An -tu1 -j "$middle" -N 1 "$demo/fatima.proof" | tr -d ' ')
{
    head -c "$middle" "$demo/fatima.proof"
    printf "\\$(printf '%03o' $((octet ^ 1)))"
    tail -c $((size - middle - 1)) "$demo/fatima.proof"
} >"$demo/changed.proof"
if "$aqd" verify "$demo/changed.proof" --trust "$demo/ledger/chain.json" 2>"$demo/refused.txt"; then
    echo "A changed proof was believed." >&2
    exit 1
fi
printf '%s\n' "${green}✓ refused${plain} one octet changed: $(sed 's/^aqd: [^:]*: //' "$demo/refused.txt")"
"$aqd" prove --register civil.death.in_force --key '#ahmed' --out "$demo/ahmed.proof"
"$aqd" verify "$demo/ahmed.proof" --trust "$demo/ledger/chain.json"

printf '\n'
"$aqd" replay
printf 'store     %s kB of state, %s kB of blocks, %s kB of secrets kept by their holders\n' \
    "$(du -sk "$demo/ledger/state" | cut -f 1)" "$(du -sk "$demo/ledger/blocks.log" | cut -f 1)" \
    "$(du -sk "$demo/ledger/private" | cut -f 1)"

cat <<TEXT

Try next, with ${bold}alias aqd=$aqd${plain} and ${bold}export AQD_LEDGER=$demo/ledger${plain}:
  aqd case tender                                       how the tender stands
  aqd obligations --overdue                             who is late, and since when
  aqd call --as officer_oujda civil.death Declaration.establish --case fatima --dry-run
  aqd inspect $demo/civil.death.wasm             entries, states, deadlines; --gas, --code
  aqd blocks --count 5                                  and: aqd receipts HEIGHT
TEXT
