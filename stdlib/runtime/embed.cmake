# cmake -DINPUT=runtime.bc -DOUTPUT=bitcode.cpp -P embed.cmake: a file as an array of C++.
file(READ ${INPUT} octets HEX)
string(REGEX REPLACE "(................................)" "\\1\n" octets "${octets}")
string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," octets "${octets}")
file(WRITE ${OUTPUT} "#include \"stdlib/runtime/bitcode.h\"

namespace aqd::runtime {
namespace {
alignas(16) constexpr std::uint8_t octets[] = {
${octets}
};
}  // namespace

BytesView bitcode() {
    return octets;
}

}  // namespace aqd::runtime
")
