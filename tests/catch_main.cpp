// Debian 12 has Catch2 2.13: one translation unit carries its `main`.
#define CATCH_CONFIG_MAIN
#include <catch2/catch.hpp>
