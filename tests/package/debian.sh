#!/bin/sh
# Makes the Debian package, unpacks it, and uses what is in it. Usage: debian.sh BUILD WORK EXAMPLES VERSION
set -eu
build=$1 work=$2 examples=$3 version=$4
rm -rf "$work"
mkdir -p "$work"

cpack --config "$build/CPackConfig.cmake" -G DEB -B "$work/made"
package=$(ls "$work"/made/aqd_"$version"_*.deb)
[ "$(dpkg-deb -f "$package" Package Version | tr '\n' ' ')" = "Package: aqd Version: $version " ]
dpkg-deb -f "$package" Depends | grep -q libssl3
dpkg -x "$package" "$work/root"
usr=$work/root/usr

"$usr/bin/aqd" --help | grep -q deploy

# A C program finds it by pkg-config.
PKG_CONFIG_PATH=$usr/lib/pkgconfig
export PKG_CONFIG_PATH
[ "$(pkg-config --modversion aqd)" = "$version" ]
# shellcheck disable=SC2046,SC2086 # lists of words
"$CC" $CFLAGS -std=c11 -Wall -Wextra -Werror "$examples/c_host/main.c" -o "$work/host" $(pkg-config --cflags --libs aqd)
LD_LIBRARY_PATH=$usr/lib "$work/host"
