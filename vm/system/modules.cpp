#include "vm/system/row_codec.h"

#include <aqd/abi/cbor.h>
#include <aqd/system/modules.h>
#include <aqd/system/store_keys.h>

namespace aqd::system {
namespace {

Result<std::vector<abi::Lineage>> decode_serving(BytesView bytes) {
    std::vector<abi::Lineage> lineages;
    abi::Reader reader(bytes);
    AQD_TRY(count, reader.read_array_header());
    for (std::uint64_t i = 0; i < count; ++i) {
        AQD_TRY(lineage, reader.read_fixed<abi::Lineage>());
        lineages.push_back(lineage);
    }
    AQD_CHECK(reader.finish());
    return lineages;
}

}  // namespace

const ModuleVersion* ModuleRow::in_force(std::int32_t day) const {
    const ModuleVersion* best = nullptr;
    for (const ModuleVersion& candidate : versions) {
        if (candidate.from <= day) {
            best = &candidate;
        }
    }
    return best;
}

const ModuleVersion* ModuleRow::find(std::uint32_t version) const {
    for (const ModuleVersion& candidate : versions) {
        if (candidate.version == version) {
            return &candidate;
        }
    }
    return nullptr;
}

Bytes encode_module(const ModuleRow& row) {
    Bytes out;
    abi::Writer writer(out);
    writer.write_array_header(3);
    writer.write_text(row.path);
    writer.write_bytes(row.owner.view());
    writer.write_array_header(row.versions.size());
    for (const ModuleVersion& version : row.versions) {
        writer.write_array_header(3);
        writer.write_uint(version.version);
        writer.write_int(version.from);
        writer.write_bytes(version.code.view());
    }
    return out;
}

Result<ModuleRow> decode_module(BytesView bytes) {
    ModuleRow row;
    abi::Reader reader(bytes);
    AQD_CHECK(reader.expect_array(3));
    AQD_TRY(path, read_owned_text(reader));
    row.path = std::move(path);
    AQD_TRY(owner, reader.read_fixed<abi::Account>());
    row.owner = owner;
    AQD_TRY(count, reader.read_array_header());
    for (std::uint64_t i = 0; i < count; ++i) {
        AQD_CHECK(reader.expect_array(3));
        ModuleVersion version;
        AQD_TRY(number, read_u32(reader));
        version.version = number;
        AQD_TRY(from, read_day(reader));
        version.from = from;
        AQD_TRY(code, reader.read_fixed<Hash256>());
        version.code = code;
        const bool rises = row.versions.empty() || (row.versions.back().version < number &&
                                                    row.versions.back().from <= from);
        if (!rises) {
            return fail(ErrorCode::invalid, "versions of a module do not rise");
        }
        row.versions.push_back(version);
    }
    AQD_CHECK(reader.finish());
    return row;
}

Result<std::optional<ModuleRow>> read_module(const state::StateView& view,
                                             const abi::Lineage& lineage) {
    return load_row(view, module_key(lineage), decode_module);
}

Result<std::vector<abi::Lineage>> read_serving(const state::StateView& view,
                                               BytesView authority_tag) {
    AQD_TRY(row, load_row(view, serving_key(authority_tag), decode_serving));
    return row.value_or(std::vector<abi::Lineage>());
}

Result<> add_serving(state::Overlay& overlay, BytesView authority_tag,
                     const abi::Lineage& lineage) {
    AQD_TRY(lineages, read_serving(overlay, authority_tag));
    for (const abi::Lineage& known : lineages) {
        if (known == lineage) {
            return {};
        }
    }
    lineages.push_back(lineage);
    Bytes out;
    abi::Writer writer(out);
    writer.write_array_header(lineages.size());
    for (const abi::Lineage& known : lineages) {
        writer.write_bytes(known.view());
    }
    return overlay.put(serving_key(authority_tag), out);
}

std::optional<QualifiedName> split_name(std::string_view qualified) {
    const std::size_t dot = qualified.rfind('.');
    if (dot == std::string_view::npos || dot == 0 || dot + 1 == qualified.size()) {
        return std::nullopt;
    }
    return QualifiedName{qualified.substr(0, dot), qualified.substr(dot + 1)};
}

std::optional<Bytes> tag_of(const Hash256& chain, std::string_view qualified) {
    const auto parts = split_name(qualified);
    if (!parts) {
        return std::nullopt;
    }
    return abi::authority_tag(abi::lineage_of(chain, parts->module), abi::id8(parts->name));
}

}  // namespace aqd::system
