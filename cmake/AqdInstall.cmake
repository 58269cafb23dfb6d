# What installs: one static archive for each part that a host may want, joined from the folders that it is made of; `libaqd_vm` with
# nothing but the C interface for everybody else; the headers as we include them; `find_package(aqd)`, pkg-config, a Debian package.
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)
find_package(Threads REQUIRED)

# The number in the name of the shared library is that of the interface: read from where it is promised.
file(STRINGS ${PROJECT_SOURCE_DIR}/vm/c_api/include/aqd/vm.h abi_line REGEX "^#define AQD_ABI_VERSION [0-9]+$")
string(REGEX MATCH "[0-9]+$" AQD_ABI_VERSION "${abi_line}")

# aqd_part(proof FOLDERS vm/proof LINKS aqd_base): the target `aqd::proof` and the file libaqd_proof.a.
function(aqd_part name)
    cmake_parse_arguments(ARG "" "" "FOLDERS;TARGETS;LINKS" ${ARGN})
    set(objects)
    foreach(folder IN LISTS ARG_FOLDERS)
        string(REPLACE "/" "_" target "aqd_${folder}")
        get_target_property(type ${target} TYPE)
        if(NOT type STREQUAL "INTERFACE_LIBRARY")
            list(APPEND objects $<TARGET_OBJECTS:${target}>)
        endif()
    endforeach()
    foreach(target IN LISTS ARG_TARGETS)
        list(APPEND objects $<TARGET_OBJECTS:${target}>)
    endforeach()
    add_library(aqd_${name} STATIC ${objects})
    set_target_properties(aqd_${name} PROPERTIES LINKER_LANGUAGE CXX EXPORT_NAME ${name})
    target_compile_features(aqd_${name} INTERFACE cxx_std_23)
    target_link_libraries(aqd_${name} INTERFACE ${ARG_LINKS})
    set(AQD_PARTS ${AQD_PARTS} aqd_${name} PARENT_SCOPE)
    install(TARGETS aqd_${name} EXPORT aqd ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR}
        INCLUDES DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
endfunction()

# Outside libraries by their plain names: who only uses the shared library need not have their headers.
set(machine vm/wasm vm/gas vm/prepare vm/exec vm/state vm/system vm/host vm/engine vm/embed vm/c_api)
set(ground vm/base vm/calendar vm/crypto vm/abi)
aqd_part(base FOLDERS ${ground} LINKS crypto secp256k1)
aqd_part(vm FOLDERS ${machine} LINKS aqd_base)
target_compile_definitions(aqd_vm INTERFACE $<$<BOOL:${AQD_MANY_SEQUENCES}>:AQD_MANY_SEQUENCES>)
aqd_part(proof FOLDERS vm/proof LINKS aqd_base)
aqd_part(store FOLDERS vm/store LINKS aqd_vm aqd_proof lmdb)
aqd_part(ledger FOLDERS vm/ledger LINKS aqd_vm aqd_proof)
aqd_part(chain FOLDERS vm/chain LINKS aqd_ledger aqd_store Threads::Threads)
aqd_part(frontend LINKS aqd_base
    FOLDERS compiler/source compiler/diagnostics compiler/lex compiler/syntax compiler/parse compiler/program compiler/check
            compiler/analyse compiler/driver)
if(AQD_COMPILER)
    aqd_part(codegen FOLDERS compiler/lower compiler/codegen stdlib/runtime TARGETS aqd_compile LINKS aqd_frontend lldWasm lldCommon LLVM)
endif()

# The C interface alone: what is C++ inside stays inside, whatever compiler and library the host uses.
set(objects)
foreach(folder IN LISTS ground machine)
    string(REPLACE "/" "_" target "aqd_${folder}")
    get_target_property(type ${target} TYPE)
    if(NOT type STREQUAL "INTERFACE_LIBRARY")
        list(APPEND objects $<TARGET_OBJECTS:${target}>)
    endif()
endforeach()
add_library(aqd_vm_shared SHARED ${objects})
set(exported ${PROJECT_SOURCE_DIR}/cmake/aqd_vm.map)
set_target_properties(aqd_vm_shared PROPERTIES
    OUTPUT_NAME aqd_vm EXPORT_NAME vm_shared LINKER_LANGUAGE CXX
    VERSION ${PROJECT_VERSION} SOVERSION ${AQD_ABI_VERSION} LINK_DEPENDS ${exported})
target_link_options(aqd_vm_shared PRIVATE LINKER:--version-script=${exported} LINKER:--gc-sections LINKER:-z,defs)
if(AQD_FUZZ OR CMAKE_CXX_FLAGS MATCHES "-fsanitize")
    # Sanitizers resolve their own symbols in the program.
    target_link_options(aqd_vm_shared PRIVATE LINKER:-z,undefs)
endif()
target_link_libraries(aqd_vm_shared PRIVATE OpenSSL::Crypto PkgConfig::AQD_SECP256K1)
install(TARGETS aqd_vm_shared EXPORT aqd LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR}
    INCLUDES DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})

install(TARGETS aqd EXPORT aqd RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
file(GLOB include_folders ${PROJECT_SOURCE_DIR}/vm/*/include ${PROJECT_SOURCE_DIR}/compiler/driver/include)
foreach(folder IN LISTS include_folders)
    install(DIRECTORY ${folder}/ DESTINATION ${CMAKE_INSTALL_INCLUDEDIR} FILES_MATCHING PATTERN "*.h" PATTERN "*.def")
endforeach()
install(FILES ${PROJECT_SOURCE_DIR}/LICENSE ${PROJECT_SOURCE_DIR}/docs/embedding.md DESTINATION ${CMAKE_INSTALL_DOCDIR})

set(config_folder ${CMAKE_INSTALL_LIBDIR}/cmake/aqd)
install(EXPORT aqd NAMESPACE aqd:: FILE aqd-targets.cmake DESTINATION ${config_folder})
configure_package_config_file(${PROJECT_SOURCE_DIR}/cmake/aqd-config.cmake.in ${PROJECT_BINARY_DIR}/aqd-config.cmake
    INSTALL_DESTINATION ${config_folder})
# Before 1.0 a minor version may change what C++ programs see.
write_basic_package_version_file(${PROJECT_BINARY_DIR}/aqd-config-version.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/aqd-config.cmake ${PROJECT_BINARY_DIR}/aqd-config-version.cmake DESTINATION ${config_folder})
file(RELATIVE_PATH up_to_prefix /${CMAKE_INSTALL_LIBDIR}/pkgconfig /)
configure_file(${PROJECT_SOURCE_DIR}/cmake/aqd.pc.in ${PROJECT_BINARY_DIR}/aqd.pc @ONLY)
install(FILES ${PROJECT_BINARY_DIR}/aqd.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)

# What is to be built is for the caller to say: packing builds nothing.
set(CMAKE_SKIP_INSTALL_ALL_DEPENDENCY ON)
add_custom_target(aqd_installed DEPENDS aqd aqd_vm_shared ${AQD_PARTS})

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME aqd)
set(CPACK_PACKAGE_VENDOR "Aqd")
set(CPACK_PACKAGE_CONTACT "the maintainers of Aqd <maintainers@aqd.invalid>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY ${PROJECT_DESCRIPTION})
set(CPACK_PACKAGE_VERSION ${PROJECT_VERSION})
set(CPACK_PACKAGE_DIRECTORY ${PROJECT_BINARY_DIR}/package)
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION devel)
set(CPACK_DEBIAN_PACKAGE_DEPENDS "libc6, libstdc++6, libssl3, libsecp256k1-1, liblmdb0")
if(AQD_COMPILER)
    string(APPEND CPACK_DEBIAN_PACKAGE_DEPENDS ", libllvm19")
endif()
# For those who link the static archives.
set(CPACK_DEBIAN_PACKAGE_SUGGESTS "libssl-dev, libsecp256k1-dev, liblmdb-dev, llvm-19-dev, liblld-19-dev")
include(CPack)
