#include "vm/wasm/decoder.h"

namespace aqd::wasm {

void Decoder::bodies(Reader& in) {
    const std::uint32_t length = count(in, limits_.functions, "too many functions");
    module_.bodies.reserve(length);
    for (std::uint32_t i = 0; i < length && in.ok(); ++i) {
        in_body_ = true;
        body(in);
        in_body_ = !in.ok();
    }
}

void Decoder::body(Reader& in) {
    const std::uint32_t at = in.offset();
    const std::uint32_t size = in.u32();
    if (size > limits_.function_body_bytes) {
        in.refuse_over("a function body is too large, in octets", size, limits_.function_body_bytes,
                       at);
        return;
    }
    const ByteRange range = in.take(size);
    if (!in.ok()) {
        return;
    }
    FunctionBody body;
    Reader inner(module_.bytes, range, limits_.features);
    locals(inner, body);
    body.code = inner.take(inner.remaining());
    if (!inner.ok()) {
        in = inner;
        return;
    }
    module_.bodies.push_back(std::move(body));
}

void Decoder::locals(Reader& in, FunctionBody& body) {
    std::uint64_t total = 0;
    const std::uint32_t groups = count(in, 0xffff'ffff, "");
    body.locals.reserve(groups);
    for (std::uint32_t i = 0; i < groups && in.ok(); ++i) {
        const std::uint32_t at = in.offset();
        LocalGroup group;
        group.count = in.u32();
        group.type = in.operand_type();
        total += group.count;
        all_locals_ += group.count;
        if (total > 0xffff'ffff) {
            in.refuse(ErrorCode::malformed, "too many locals", at);
        } else if (total > limits_.locals) {
            in.refuse_over("too many locals", total, limits_.locals, at);
        } else if (all_locals_ > limits_.all_locals) {
            in.refuse_over("too many locals of all functions together", all_locals_,
                           limits_.all_locals, at);
        }
        if (group.count != 0) {
            body.locals.push_back(group);
        }
    }
    body.local_count = static_cast<std::uint32_t>(total);
}

}  // namespace aqd::wasm
