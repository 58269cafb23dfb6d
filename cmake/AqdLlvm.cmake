# LLVM and lld 19.1 for the compiler. A plain `19` would not match: LLVM compares major and minor version.
find_package(LLVM 19.1 REQUIRED CONFIG GLOBAL HINTS /usr/lib/llvm-19/lib/cmake/llvm)
find_package(LLD 19.1 REQUIRED CONFIG GLOBAL HINTS /usr/lib/llvm-19/lib/cmake/lld)

# What the folders of the compiler link: `aqd_llvm`, and for the linker of WebAssembly `aqd_lld`.
add_library(aqd_llvm INTERFACE)
target_include_directories(aqd_llvm SYSTEM INTERFACE ${LLVM_INCLUDE_DIRS})
target_link_libraries(aqd_llvm INTERFACE LLVM)
add_library(aqd_lld INTERFACE)
target_link_libraries(aqd_lld INTERFACE lldWasm lldCommon aqd_llvm)
