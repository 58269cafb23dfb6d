# The libraries of others, found once at the root: an imported target is only seen below the folder that found it,
# and a static library hands its own on to whoever links it.
find_package(PkgConfig REQUIRED)
find_package(OpenSSL 3.0 REQUIRED)
find_package(nlohmann_json 3.11 REQUIRED)
find_package(CLI11 2.1 REQUIRED)
pkg_check_modules(AQD_SECP256K1 REQUIRED IMPORTED_TARGET libsecp256k1)
pkg_check_modules(AQD_LMDB REQUIRED IMPORTED_TARGET lmdb)
