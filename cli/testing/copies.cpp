#include "cli/testing/copies.h"

#include "cli/ledgers/case_view.h"
#include "cli/values/commitment.h"
#include "cli/values/from_cbor.h"
#include "cli/values/to_cbor.h"

#include <aqd/base/hex.h>

namespace aqd::testing {
namespace {

using files::Json;
using files::JsonObject;
using files::JsonPath;

Result<Json> copy_of(const Json& json, const ledgers::Ledger& ledger,
                     const store::PrivateStore* secrets, const JsonPath& path) {
    AQD_TRY(object, JsonObject::of(json, path));
    AQD_TRY(case_word, object.text("case"));
    AQD_TRY(name, object.text("secret"));
    const Json* edit = object.find("edit");
    AQD_CHECK(object.finish());
    const auto id = ledger.case_named(case_word);
    if (!id) {
        return object.at("case").fail(id.error());
    }
    AQD_TRY(view, ledgers::read_case_view(ledger, *id));
    const abi::Secret* secret = nullptr;
    for (const abi::Secret& one : view.procedure->secrets) {
        secret = one.name == name ? &one : secret;
    }
    if (secret == nullptr || !view.row.data) {
        return object.at("secret").fail("the case has no such secret");
    }
    AQD_TRY(data, values::fields_from_cbor(*view.row.data, view.procedure->data, ledger.types()));
    if (!data.contains(name) || !data[name].is_string()) {
        return object.at("secret").fail("the case has not been given this secret");
    }
    if (edit == nullptr) {
        return data[name];
    }
    if (secrets == nullptr) {
        return path.fail("there is no private store to take a copy from");
    }
    AQD_TRY(commitment, fixed_from_hex<Hash256>(data[name].get<std::string>()));
    const auto record = secrets->get(commitment);
    if (!record) {
        return path.fail(record.error());
    }
    values::Surroundings around;
    around.types = &ledger.types();
    AQD_TRY(value, values::to_cbor(*edit, secret->type, around, object.at("edit")));
    return Json(to_hex(values::commitment_of(ledger.chain().id(),
                                             abi::lineage_of(ledger.chain().id(), record->module),
                                             record->slot, record->salt.view(), value)
                           .view()));
}

}  // namespace

Result<Json> resolve_copies(const Json& arguments, const ledgers::Ledger& ledger,
                            const store::PrivateStore* secrets, const Kept& kept,
                            const JsonPath& path) {
    if (arguments.is_string() && arguments.get_ref<const std::string&>().starts_with('$')) {
        const auto found =
            kept.find(std::string_view(arguments.get_ref<const std::string&>()).substr(1));
        return found == kept.end() ? arguments : found->second;
    }
    if (arguments.is_object() && arguments.size() == 1 && arguments.contains("copy")) {
        return copy_of(arguments["copy"], ledger, secrets, path.member("copy"));
    }
    if (!arguments.is_structured()) {
        return arguments;
    }
    Json out = arguments;
    for (auto it = out.begin(); it != out.end(); ++it) {
        const JsonPath here = arguments.is_object()
                                  ? path.member(it.key())
                                  : path.element(static_cast<std::size_t>(it - out.begin()));
        AQD_TRY(resolved, resolve_copies(*it, ledger, secrets, kept, here));
        *it = std::move(resolved);
    }
    return out;
}

}  // namespace aqd::testing
