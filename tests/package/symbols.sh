#!/bin/sh
# The machine that hosts link has no symbol of LLVM, LMDB or a JSON library, neither its own nor one that it needs; the shared one
# shows only the interface in C. Usage: symbols.sh LIBRARY_FOLDER ABI NM READELF
set -eu
folder=$1 abi=$2 nm=$3 readelf=$4
shared=$folder/libaqd_vm.so
failed=0

complain() {
    echo "$*" >&2
    failed=1
}

soname=$("$readelf" -d "$shared" | sed -n 's/.*(SONAME).*\[\(.*\)\].*/\1/p')
[ "$soname" = "libaqd_vm.so.$abi" ] || complain "the shared library calls itself '$soname'"

needed=$("$readelf" -d "$shared" | sed -n 's/.*(NEEDED).*\[\(.*\)\].*/\1/p')
[ -n "$needed" ] || complain "readelf shows nothing that it needs"
for library in $needed; do
    case $library in
        libc.so.* | libm.so.* | libgcc_s.so.* | libstdc++.so.* | libcrypto.so.* | libsecp256k1.so.* | ld-linux*) ;;
        *) complain "it needs $library" ;;
    esac
done

shown=$("$nm" -D --defined-only "$shared" | awk '{ print $NF }')
echo "$shown" | grep -q '^aqd_instance_call$' || complain "it does not show aqd_instance_call"
strangers=$(echo "$shown" | grep -v '^aqd_' || true)
[ -z "$strangers" ] || complain "it shows more than the interface: $strangers"

for library in "$shared" "$folder/libaqd_vm.a" "$folder/libaqd_base.a"; do
    symbols=$("$nm" -C "$library" 2>/dev/null)
    echo "$symbols" | grep -q 'aqd::' || complain "$library has no symbols to look at"
    found=$(echo "$symbols" | grep -E '(^|[^A-Za-z_])(llvm::|LLVM[A-Z]|lld::|mdb_|nlohmann::|CLI::)' | head -n 3 || true)
    [ -z "$found" ] || complain "$library: $found"
done
exit $failed
