#!/bin/sh
# Builds every example against the installed package and runs it. Usage: examples.sh EXAMPLES PREFIX WORK
set -eu
examples=$1 prefix=$2 work=$3
rm -rf "$work"

cmake -S "$examples" -B "$work/all" -G Ninja -DCMAKE_BUILD_TYPE=Release -DCMAKE_PREFIX_PATH="$prefix"
cmake --build "$work/all"
(cd "$work/all" && ctest --output-on-failure --no-tests=error)

# Each stands alone, too; a host in C needs no compiler for C++.
CXX=/nonexistent cmake -S "$examples/c_host" -B "$work/alone" -G Ninja -DCMAKE_PREFIX_PATH="$prefix"
cmake --build "$work/alone"
"$work/alone/c_host"

# Another minor version is another interface for C++.
mkdir "$work/later"
printf 'cmake_minimum_required(VERSION 3.25)\nproject(later LANGUAGES NONE)\nfind_package(aqd 0.2 REQUIRED)\n' \
    >"$work/later/CMakeLists.txt"
if cmake -S "$work/later" -B "$work/later/build" -DCMAKE_PREFIX_PATH="$prefix" >"$work/later.log" 2>&1; then
    echo "find_package took version 0.2 for this one." >&2
    exit 1
fi
