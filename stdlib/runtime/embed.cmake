# cmake -DBITCODE=runtime.bc -DLIBRARY=library.o -DOUTPUT=embedded.cpp -P embed.cmake: two files as arrays of C++.
function(read_octets file result)
    file(READ ${file} octets HEX)
    string(REGEX REPLACE "(................................)" "\\1\n" octets "${octets}")
    string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," octets "${octets}")
    set(${result} "${octets}" PARENT_SCOPE)
endfunction()
read_octets(${BITCODE} bitcode)
read_octets(${LIBRARY} library)
file(WRITE ${OUTPUT} "#include \"stdlib/runtime/embedded.h\"

namespace aqd::runtime {
namespace {
alignas(16) constexpr std::uint8_t bitcode_octets[] = {
${bitcode}
};
constexpr std::uint8_t library_octets[] = {
${library}
};
}  // namespace

BytesView bitcode() {
    return bitcode_octets;
}

BytesView library() {
    return library_octets;
}

}  // namespace aqd::runtime
")
