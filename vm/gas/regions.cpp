#include <aqd/gas/regions.h>
#include <aqd/wasm/code_reader.h>

namespace aqd::gas {
namespace {

using wasm::Opcode;

struct OpenBlock {
    Opcode opcode = Opcode::block;
    bool label_used = false;
};

class Walk {
  public:
    Walk(const wasm::Module& module, const wasm::FunctionBody& body, const Schedule& schedule)
        : in_(module, body), body_(body), meter_(schedule) {}

    std::vector<RegionCost> run() {
        meter_.begin_function(body_.local_count);
        heads_.push_back({in_.offset(), {}});
        blocks_.push_back({});
        while (!blocks_.empty()) {
            const Opcode opcode = in_.opcode();
            if (dead_) {
                skip(opcode);
            } else {
                step(opcode);
            }
        }
        std::vector<RegionCost> costs;
        costs.reserve(heads_.size());
        for (const auto& [offset, head] : heads_) {
            costs.push_back({offset, meter_.cost(head)});
        }
        return costs;
    }

  private:
    void use(std::uint32_t label) { blocks_[blocks_.size() - 1 - label].label_used = true; }
    void add_head() { heads_.emplace_back(in_.offset(), meter_.head()); }

    void skip(Opcode opcode) {
        in_.skip(wasm::facts_of(opcode).immediate);
        switch (opcode) {
            case Opcode::block:
            case Opcode::loop:
            case Opcode::if_:
                ++dead_depth_;
                break;
            case Opcode::else_:
                if (dead_depth_ == 0) {
                    other_side();
                }
                break;
            case Opcode::end:
                if (dead_depth_ == 0) {
                    close_block();
                } else {
                    --dead_depth_;
                }
                break;
            default:
                break;
        }
    }

    void step(Opcode opcode) {
        meter_.add(opcode);
        switch (opcode) {
            case Opcode::block:
            case Opcode::loop:
            case Opcode::if_:
                in_.skip(wasm::Immediate::block_type);
                blocks_.push_back({opcode, false});
                if (opcode == Opcode::if_) {
                    meter_.close();
                }
                if (opcode != Opcode::block) {
                    add_head();
                }
                return;
            case Opcode::else_:
                meter_.close();
                use(0);
                return other_side();
            case Opcode::end:
                return close_block();
            case Opcode::br_if:
            case Opcode::br_on_null:
            case Opcode::br_on_non_null:
                use(in_.u32());
                meter_.close();
                return add_head();
            case Opcode::br:
                use(in_.u32());
                return transfer();
            case Opcode::br_table:
                for (std::uint64_t labels = std::uint64_t{in_.u32()} + 1; labels != 0; --labels) {
                    use(in_.u32());
                }
                return transfer();
            case Opcode::return_:
            case Opcode::unreachable:
                return transfer();
            case Opcode::return_call:
            case Opcode::return_call_indirect:
            case Opcode::return_call_ref:
                in_.skip(wasm::facts_of(opcode).immediate);
                return transfer();
            default:
                in_.skip(wasm::facts_of(opcode).immediate);
        }
    }

    void transfer() {
        meter_.close();
        dead_ = true;
    }

    void other_side() {
        dead_ = false;
        blocks_.back().opcode = Opcode::else_;
        add_head();
    }

    void close_block() {
        const OpenBlock block = blocks_.back();
        blocks_.pop_back();
        if (blocks_.empty()) {
            if (!dead_) {
                meter_.close();
            }
            return;
        }
        const bool target =
            block.opcode == Opcode::if_ || (block.opcode != Opcode::loop && block.label_used);
        if (target) {
            dead_ = false;
            add_head();
        }
    }

    wasm::CodeReader in_;
    const wasm::FunctionBody& body_;
    RegionMeter meter_;
    std::vector<OpenBlock> blocks_;
    std::vector<std::pair<std::uint32_t, RegionMeter::Head>> heads_;
    bool dead_ = false;
    std::uint32_t dead_depth_ = 0;
};

}  // namespace

std::vector<RegionCost> region_costs(const wasm::ValidatedModule& module, std::uint32_t body,
                                     const Schedule& schedule) {
    return Walk(module.module(), module->bodies[body], schedule).run();
}

}  // namespace aqd::gas
