#!/usr/bin/env bash
# Compiles a corpus: corpus.sh SOURCES SYSROOT CORPUS. SOURCES has a folder for each project below, SYSROOT is that of
# wasi-libc (`apt-get download wasi-libc`, `dpkg -x`). Each file that compiles becomes a module; the others are left out.
set -euo pipefail
[ $# -eq 3 ] || { echo "usage: corpus.sh SOURCES SYSROOT CORPUS" >&2; exit 2; }
sources=$1 sysroot=$2 corpus=$3

link() { # OBJECT MODULE
    local keep=(--no-entry --export-all --no-gc-sections --strip-all)
    wasm-ld-19 "${keep[@]}" --allow-undefined --unresolved-symbols=import-dynamic "$1" -o "$2" 2>/dev/null ||
        wasm-ld-19 "${keep[@]}" --unresolved-symbols=ignore-all "$1" -o "$2" 2>/dev/null || true
}

project() { # NAME FOLDER FLAG…
    local name=$1 folder=$2 file module
    shift 2
    mkdir -p "$corpus/$name"
    while read -r file; do
        module=$corpus/$name/$(echo "${file#"$sources/$name/"}" | tr / _)
        clang-19 --target=wasm32-wasi -nostdinc -isystem "$(clang-19 -print-resource-dir)/include" \
            -isystem "$sysroot/usr/include/wasm32-wasi" -mcpu=mvp -msign-ext -mbulk-memory -mmutable-globals -O2 -w \
            -c "$@" "$file" -o "$module.o" 2>/dev/null || continue
        link "$module.o" "$module.wasm"
        rm -f "$module.o"
    done < <(find "$sources/$name/$folder" -name '*.c' | grep -viE 'test|example|fuzz|bench_|coremark' | sort)
    echo "$name: $(find "$corpus/$name" -name '*.wasm' | wc -l) modules"
}

s=$sources
project embench src "-I$s/embench/support" -DCPU_MHZ=1 -DWARMUP_HEAT=1 -DGLOBAL_SCALE_FACTOR=1
project thealgorithms .
project monocypher src
project cjson .
project libtommath . "-I$s/libtommath"
project blake3 c -DBLAKE3_NO_SSE2 -DBLAKE3_NO_SSE41 -DBLAKE3_NO_AVX2 -DBLAKE3_NO_AVX512
project micro-ecc . "-I$s/micro-ecc" -DuECC_OPTIMIZATION_LEVEL=2
project lz4 lib
project zlib .
project lua . "-I$s/fake" -Dl_signalT=int -DLUA_USE_C89 # fake: a setjmp.h and a signal.h that only declare
project libsodium src/libsodium "-I$s/libsodium/src/libsodium/include/sodium" \
    "-I$s/libsodium/src/libsodium/include" "-I$s/libsodium/builds/msvc" -DCONFIGURED=1 -DNATIVE_LITTLE_ENDIAN=1
project secp256k1 src -DECMULT_WINDOW_SIZE=15 -DCOMB_BLOCKS=11 -DCOMB_TEETH=6 -DENABLE_MODULE_ECDH=1 \
    -DENABLE_MODULE_RECOVERY=1 -DENABLE_MODULE_SCHNORRSIG=1 -DENABLE_MODULE_EXTRAKEYS=1 -DUSE_FORCE_WIDEMUL_INT64=1
project zstd lib "-I$s/zstd/lib" "-I$s/zstd/lib/common" -DXXH_NAMESPACE=ZSTD_
project xxhash .
project yyjson src
project miniz . "-I$s/miniz" -DMINIZ_NO_TIME -DMINIZ_EXPORT= # beside it an empty miniz_export.h
project libtomcrypt src "-I$s/libtomcrypt/src/headers" "-I$s/libtommath" -DLTC_NO_TEST -DLTM_DESC
project quickjs . '-DCONFIG_VERSION="1"' -D_GNU_SOURCE

# The C library itself, by its objects.
mkdir -p "$corpus/wasi-libc" "$corpus/.objects"
(cd "$corpus/.objects" && llvm-ar-19 x "$sysroot/usr/lib/wasm32-wasi/libc.a")
for object in "$corpus"/.objects/*.o; do
    link "$object" "$corpus/wasi-libc/$(basename "$object").wasm"
done
rm -r "$corpus/.objects"
