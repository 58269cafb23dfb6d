#pragma once

#include <aqd/state/state_view.h>
#include <aqd/vm.h>

namespace aqd::c_api {

/// A state that the host keeps. What its callbacks answer is checked, not believed.
class CallbackState final : public state::StateView {
  public:
    explicit CallbackState(const aqd_state& state) : state_(state) {}
    [[nodiscard]] Result<std::optional<Bytes>> get(BytesView key) const override;
    [[nodiscard]] Result<std::optional<state::Row>> next(BytesView prefix,
                                                         BytesView after) const override;

  private:
    aqd_state state_;
};

}  // namespace aqd::c_api
