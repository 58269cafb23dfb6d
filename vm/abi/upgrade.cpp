#include <aqd/abi/upgrade.h>

#include <algorithm>
#include <set>

namespace aqd::abi {
namespace {

std::unexpected<Error> changed(const std::string& what) {
    return fail(ErrorCode::conflict, what);
}

/// Compares types of one version with those of the next.
class Upgrade {
  public:
    Upgrade(const Manifest& before, const Manifest& after) : before_(&before), after_(&after) {}

    Result<> run() {
        for (const Register& old : before_->registers) {
            AQD_CHECK(keeps_register(old));
        }
        for (const Procedure& old : before_->procedures) {
            AQD_CHECK(keeps_states(old));
        }
        for (const NamedType& old : before_->types) {
            const bool own = old.name.starts_with(before_->path + ".") &&
                             old.name.find('.', before_->path.size() + 1) == std::string::npos;
            const NamedType* now = own ? after_->type(old.name) : nullptr;
            if (now != nullptr && old.form == NamedType::Form::authority) {
                AQD_CHECK(keeps_fields(old.fields, now->fields, "the authority " + old.name));
            }
        }
        return {};
    }

  private:
    Result<> keeps_register(const Register& old) {
        const auto now = std::ranges::find(after_->registers, old.name, &Register::name);
        if (now == after_->registers.end()) {
            return changed("the register " + old.name + " is missing");
        }
        AQD_CHECK(keeps(old.key, now->key, "the key of the register " + old.name));
        return keeps(old.value, now->value, "the value of the register " + old.name);
    }

    Result<> keeps_states(const Procedure& old) {
        const Procedure* now = after_->procedure(old.name);
        if (now == nullptr) {
            return {};  // its cases go on under their own version
        }
        for (std::size_t i = 0; i < old.states.size(); ++i) {
            if (i >= now->states.size() || now->states[i].name != old.states[i].name) {
                return changed("the state " + old.states[i].name + " of the procedure " + old.name +
                               " is not where it was: states are only added at the end");
            }
        }
        return {};
    }

    Result<> keeps(const Type& old, const Type& now, const std::string& where) {
        if (old.kind != now.kind || old.size != now.size || old.name != now.name ||
            old.items.size() != now.items.size()) {
            return changed(where + " has another type");
        }
        for (std::size_t i = 0; i < old.items.size(); ++i) {
            AQD_CHECK(keeps(old.items[i], now.items[i], where));
        }
        if (old.name.empty() || !seen_.insert(old.name).second) {
            return {};
        }
        const NamedType* was = before_->type(old.name);
        const NamedType* is = after_->type(old.name);
        if (was == nullptr || is == nullptr || was->form != is->form) {
            return changed(where + " has another type");
        }
        AQD_CHECK(keeps_fields(was->fields, is->fields, "what is stored as " + old.name));
        for (std::size_t i = 0; i < was->variants.size(); ++i) {
            const NamedType::Variant& variant = was->variants[i];
            if (i >= is->variants.size() || is->variants[i].name != variant.name) {
                return changed("the variant " + variant.name + " of " + old.name +
                               " is not where it was: variants are only added at the end");
            }
            AQD_CHECK(keeps_fields(variant.fields, is->variants[i].fields,
                                   "the variant " + variant.name + " of " + old.name));
        }
        return {};
    }

    Result<> keeps_fields(const std::vector<Field>& old, const std::vector<Field>& now,
                          const std::string& where) {
        const auto same_name = [](const Field& a, const Field& b) { return a.name == b.name; };
        if (!std::ranges::equal(old, now, same_name)) {
            return changed(where + " has other fields");
        }
        for (std::size_t i = 0; i < old.size(); ++i) {
            AQD_CHECK(keeps(old[i].type, now[i].type, "the field " + old[i].name + " of " + where));
        }
        return {};
    }

    const Manifest* before_;
    const Manifest* after_;
    std::set<std::string> seen_;
};

}  // namespace

Result<> check_upgrade(const Manifest& before, const Manifest& after) {
    return Upgrade(before, after).run();
}

}  // namespace aqd::abi
