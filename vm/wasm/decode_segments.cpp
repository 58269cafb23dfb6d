// Segments of elements and data, and bodies of functions.

#include "vm/wasm/decoder.h"

namespace aqd::wasm {

void Decoder::elements(Reader& in) {
    for (std::uint32_t n = count(in, limits_.element_segments, "too many element segments");
         n != 0 && in.ok(); --n) {
        element(in);
    }
}

void Decoder::element(Reader& in) {
    ElementSegment segment;
    segment.file_offset = in.offset();
    const std::uint32_t flags = in.u32();
    if (flags > 7) {
        in.refuse(ErrorCode::malformed, "unknown form of element segment", segment.file_offset);
        return;
    }
    const bool explicit_table = (flags & 2U) != 0;
    const bool expressions = (flags & 4U) != 0;
    if ((flags & 1U) == 0) {
        segment.table_index = explicit_table ? in.u32() : 0;
        segment.offset = constant(in);
    } else {
        segment.mode = explicit_table ? SegmentMode::declarative : SegmentMode::passive;
    }
    if (!expressions) {
        segment.type = non_null(ValueType::funcref);
    }
    if ((flags & 3U) != 0) {
        const std::uint32_t at = in.offset();
        if (expressions) {
            segment.type = in.value_type();
            if (in.ok() && !is_reference(segment.type)) {
                in.refuse(ErrorCode::malformed, "elements are not references", at);
            }
        } else if (in.octet() != 0) {
            in.refuse(ErrorCode::malformed, "unknown kind of elements", at);
        }
    }
    const std::uint32_t length = count(in, limits_.table_elements, "too many elements");
    if (expressions) {
        element_expressions(in, segment, length);
    } else {
        segment.functions.resize(length);
        for (std::uint32_t& function : segment.functions) {
            function = in.u32();
        }
    }
    module_.elements.push_back(std::move(segment));
}

/// Functions and nulls become indices; anything else keeps its expression.
void Decoder::element_expressions(Reader& in, ElementSegment& segment, std::uint32_t length) {
    using Kind = ConstantExpression::Kind;
    bool plain = segment.type == ValueType::funcref;
    for (std::uint32_t i = 0; i < length && in.ok(); ++i) {
        const std::uint32_t at = in.offset();
        const ConstantExpression item = constant(in);
        if (item.kind == Kind::value) {
            in.refuse(ErrorCode::invalid, "an element is not a reference", at);
        } else if (item.kind == Kind::global && !limits_.features.references) {
            in.refuse(ErrorCode::unsupported, "globals as elements", at);
        }
        plain &= item.kind == Kind::function ||
                 (item.kind == Kind::null_reference && item.type == ValueType::funcref);
        segment.items.push_back(item);
    }
    if (plain) {
        for (const ConstantExpression& item : segment.items) {
            segment.functions.push_back(item.kind == Kind::function
                                            ? static_cast<std::uint32_t>(item.value)
                                            : null_function);
        }
        segment.items.clear();
    }
}

void Decoder::data(Reader& in) {
    for (std::uint32_t n = count(in, limits_.data_segments, "too many data segments");
         n != 0 && in.ok(); --n) {
        DataSegment segment;
        segment.file_offset = in.offset();
        const std::uint32_t flags = in.u32();
        if (flags > 2) {
            in.refuse(ErrorCode::malformed, "unknown form of data segment", segment.file_offset);
            return;
        }
        segment.memory_index = flags == 2 ? in.u32() : 0;
        if (segment.memory_index != 0 && !limits_.features.multi_memory) {
            in.refuse(ErrorCode::unsupported, "more than one memory", segment.file_offset);
        }
        if (flags == 1) {
            segment.mode = SegmentMode::passive;
        } else {
            segment.offset = constant(in);
        }
        segment.bytes = in.take(in.u32());
        module_.data.push_back(segment);
    }
}

}  // namespace aqd::wasm
