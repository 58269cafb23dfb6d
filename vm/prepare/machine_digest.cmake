# Writes OUTPUT, a source file with the SHA-256 of the files listed in the file LIST, one name a line, below ROOT.
file(STRINGS ${LIST} names)
set(all "")
foreach(name IN LISTS names)
    file(SHA256 ${ROOT}/${name} digest)
    string(APPEND all "${name} ${digest}\n")
endforeach()
string(SHA256 digest "${all}")
file(WRITE ${OUTPUT} "#include \"vm/prepare/stored_code_layout.h\"

std::string_view aqd::prepare::machine_digest() {
    return \"${digest}\";
}
")
