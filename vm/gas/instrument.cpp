#include <aqd/base/leb128.h>
#include <aqd/gas/instrument.h>
#include <aqd/gas/regions.h>
#include <aqd/wasm/code_reader.h>

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>

namespace aqd::gas {
namespace {

using wasm::Opcode;

constexpr std::uint8_t code_end = 0x0b;
constexpr std::uint8_t i32_code = 0x7f;
constexpr std::uint8_t empty_block = 0x40;

void put_opcode(Bytes& out, Opcode opcode) {
    const std::uint16_t code = wasm::facts_of(opcode).code;
    if (code >= 0xfc00) {
        out.push_back(0xfc);
        append_unsigned_leb128(out, code - 0xfc00U);
    } else {
        out.push_back(static_cast<std::uint8_t>(code));
    }
}

void put_text(Bytes& out, std::string_view text) {
    append_unsigned_leb128(out, text.size());
    out.insert(out.end(), text.begin(), text.end());
}

/// Does the instruction cost what only shows when it runs?
bool costs_by_size(Opcode opcode) {
    switch (wasm::facts_of(opcode).gas_class) {
        case wasm::GasClass::memory_grow:
        case wasm::GasClass::bulk:
        case wasm::GasClass::table:
        case wasm::GasClass::call_indirect:
            return true;
        default:
            return false;
    }
}

/// Writes one body again, with notes. It walks as `region_costs` does; a note stands where a
/// transfer of control is made, so that falling into a label says nothing.
class Rewriter {
  public:
    Rewriter(const wasm::Module& module, const Schedule& schedule, Instrumented& out)
        : module_(module), schedule_(schedule), result_(out), in_(module, wasm::FunctionBody{}) {}

    /// The size of the body, then the body. Places are counted from the beginning of `code`.
    void rewrite(std::uint32_t body_index, Bytes& code) {
        const wasm::FunctionBody& body = module_.bodies[body_index];
        const std::uint32_t function = module_.imported_functions + body_index;
        scratch_ = static_cast<std::uint32_t>(module_.type_of_function(function).parameters.size() +
                                              body.local_count);
        in_ = wasm::CodeReader(module_, body);
        out_.clear();
        places_.clear();
        write_locals(body);
        const std::uint32_t entry = new_head();
        define(entry);
        entry_cost_ = schedule_.locals_cost(body.local_count);
        note(entry);
        blocks_.assign(1, {});
        dead_ = false;
        dead_depth_ = 0;
        while (!blocks_.empty()) {
            at_ = in_.offset();
            places_.push_back({static_cast<std::uint32_t>(out_.size()), at_});
            const Opcode opcode = in_.opcode();
            if (dead_) {
                skip(opcode);
            } else {
                step(opcode);
            }
        }
        append_unsigned_leb128(code, out_.size());
        for (const Instrumented::Origin& place : places_) {
            result_.origins.push_back(
                {place.new_offset + static_cast<std::uint32_t>(code.size()), place.code_offset});
        }
        append(code, out_);
    }

    [[nodiscard]] bool supported() const { return supported_; }

  private:
    struct Block {
        Opcode opcode = Opcode::block;
        std::optional<std::uint32_t> head;  ///< note of the label, once something goes there
        std::uint32_t else_head = 0;        ///< of an `if`: of the other side
    };

    void write_locals(const wasm::FunctionBody& body) {
        append_unsigned_leb128(out_, body.locals.size() + 1);
        for (const wasm::LocalGroup& group : body.locals) {
            supported_ = supported_ && static_cast<std::uint32_t>(group.type) < 0x80;
            append_unsigned_leb128(out_, group.count);
            out_.push_back(static_cast<std::uint8_t>(group.type));
        }
        append_unsigned_leb128(out_, 1);
        out_.push_back(i32_code);
    }

    // -- notes

    std::uint32_t new_head() {
        result_.notes.push_back({});
        return static_cast<std::uint32_t>(result_.notes.size() - 1);
    }
    /// The region of this note begins with the next instruction.
    void define(std::uint32_t head) {
        result_.notes[head].step = static_cast<std::uint32_t>(result_.steps.size());
        open_.push_back(head);
        before_.push_back(open_cost_);
    }
    void note(std::uint32_t number) {
        put_opcode(out_, Opcode::i32_const);
        append_signed_leb128(out_, static_cast<std::int32_t>(number));
        put_call();
    }
    void put_call() {
        put_opcode(out_, Opcode::call);
        append_unsigned_leb128(out_, module_.imported_functions);
    }
    void note_site() {
        result_.notes.push_back({static_cast<std::uint32_t>(result_.steps.size() - 1), 0});
        note(static_cast<std::uint32_t>(result_.notes.size() - 1));
    }
    /// What is paid for going to a label; leaving the function costs nothing.
    std::optional<std::uint32_t> head_of(std::uint32_t label) {
        Block& block = blocks_[blocks_.size() - 1 - label];
        if (&block == blocks_.data()) {
            return std::nullopt;
        }
        if (!block.head) {
            block.head = new_head();
        }
        return blocks_[blocks_.size() - 1 - label].head;
    }
    void note_label(std::uint32_t label) {
        if (const auto head = head_of(label)) {
            note(*head);
        }
    }

    // -- the meter

    void add(Opcode opcode) {
        const std::uint32_t price = schedule_.price(opcode) + entry_cost_;
        entry_cost_ = 0;
        result_.steps.push_back({at_, price, false});
        open_cost_ = price > UINT32_MAX - open_cost_ ? UINT32_MAX : open_cost_ + price;
    }
    void close() {
        result_.steps.back().ends_region = true;
        for (std::size_t i = 0; i < open_.size(); ++i) {
            result_.notes[open_[i]].cost = open_cost_ - before_[i];
        }
        open_.clear();
        before_.clear();
        open_cost_ = 0;
    }

    // -- instructions

    /// The instruction as it stands in the file.
    void copy(Opcode opcode) {
        const std::uint32_t from = at_;
        in_.skip(wasm::facts_of(opcode).immediate);
        const BytesView all(module_.bytes);
        append(out_, all.subspan(from, in_.offset() - from));
    }

    void skip(Opcode opcode) {
        const bool inner = dead_depth_ != 0;
        switch (opcode) {
            case Opcode::block:
            case Opcode::loop:
            case Opcode::if_:
                ++dead_depth_;
                return copy_dead(opcode);
            case Opcode::else_:
                return inner ? copy_dead(opcode) : other_side();
            case Opcode::end:
                if (!inner) {
                    return close_block();
                }
                --dead_depth_;
                return copy_dead(opcode);
            default:
                copy_dead(opcode);
        }
    }

    void copy_dead(Opcode opcode) {
        if (is_direct_call(opcode)) {
            copy_call(opcode);
        } else {
            copy(opcode);
        }
    }

    static bool is_direct_call(Opcode opcode) {
        return wasm::facts_of(opcode).immediate == wasm::Immediate::function;
    }
    void copy_call(Opcode opcode) {
        const std::uint32_t function = in_.u32();
        put_opcode(out_, opcode);
        append_unsigned_leb128(out_, function + (function >= module_.imported_functions ? 1 : 0));
    }

    // Longer than seventy lines: a case for each way to move control.
    void step(Opcode opcode) {
        add(opcode);
        switch (opcode) {
            case Opcode::block:
                blocks_.push_back({opcode, {}, 0});
                return copy(opcode);
            case Opcode::loop: {
                const std::uint32_t head = new_head();
                copy(opcode);
                blocks_.push_back({opcode, head, 0});
                return define(head);
            }
            case Opcode::if_: {
                copy(opcode);
                close();
                const std::uint32_t head = new_head();
                blocks_.push_back({opcode, {}, new_head()});
                note(head);
                return define(head);
            }
            case Opcode::else_:
                close();
                note_label(0);
                return other_side();
            case Opcode::end:
                return close_block();
            case Opcode::br:
                close();
                note_label(in_.u32());
                in_.seek(at_ + 1);
                copy_transfer(opcode);
                return;
            case Opcode::br_if:
                return conditional();
            case Opcode::br_table:
                return table();
            case Opcode::return_:
            case Opcode::unreachable:
                close();
                return copy_transfer(opcode);
            case Opcode::br_on_null:
            case Opcode::br_on_non_null:
                supported_ = false;
                copy(opcode);
                close();
                return define(new_head());
            case Opcode::call:
            case Opcode::ref_func: {
                const std::uint32_t function = in_.u32();
                in_.seek(at_ + 1);
                if (opcode == Opcode::call && function < module_.imported_functions) {
                    note_site();
                }
                return copy_call(opcode);
            }
            case Opcode::return_call:
            case Opcode::return_call_indirect:
            case Opcode::return_call_ref:
                note_site();
                if (opcode == Opcode::return_call) {
                    copy_call(opcode);
                } else {
                    copy(opcode);
                }
                close();
                dead_ = true;
                return;
            default:
                if (costs_by_size(opcode)) {
                    note_site();
                }
                copy(opcode);
        }
    }

    void copy_transfer(Opcode opcode) {
        copy(opcode);
        dead_ = true;
    }

    void conditional() {
        const std::uint32_t label = in_.u32();
        close();
        if (const auto head = head_of(label)) {
            put_local(Opcode::local_tee);
            put_opcode(out_, Opcode::if_);
            out_.push_back(empty_block);
            note(*head);
            put_opcode(out_, Opcode::end);
            put_local(Opcode::local_get);
        }
        in_.seek(at_ + 1);
        copy(Opcode::br_if);
        const std::uint32_t fall = new_head();
        note(fall);
        define(fall);
    }

    /// One note for each row of the table, in order, so that the index finds it.
    void table() {
        const std::uint32_t count = in_.u32();
        std::vector<std::optional<std::uint32_t>> heads;
        for (std::uint64_t labels = std::uint64_t{count} + 1; labels != 0; --labels) {
            heads.push_back(head_of(in_.u32()));
        }
        close();
        const auto first = static_cast<std::uint32_t>(result_.notes.size());
        for (const auto& head : heads) {
            rows_.push_back({new_head(), head});
        }
        put_local(Opcode::local_set);
        put_local(Opcode::local_get);
        put_number(count);
        put_local(Opcode::local_get);
        put_number(count);
        put_opcode(out_, Opcode::i32_lt_u);
        put_opcode(out_, Opcode::select);
        put_number(first);
        put_opcode(out_, Opcode::i32_add);
        put_call();
        put_local(Opcode::local_get);
        in_.seek(at_ + 1);
        copy_transfer(Opcode::br_table);
    }

    void put_local(Opcode opcode) {
        put_opcode(out_, opcode);
        append_unsigned_leb128(out_, scratch_);
    }
    void put_number(std::uint32_t number) {
        put_opcode(out_, Opcode::i32_const);
        append_signed_leb128(out_, static_cast<std::int32_t>(number));
    }

    void other_side() {
        dead_ = false;
        put_opcode(out_, Opcode::else_);
        const std::uint32_t head = blocks_.back().else_head;
        blocks_.back().opcode = Opcode::else_;
        note(head);
        define(head);
    }

    void close_block() {
        const Block block = blocks_.back();
        blocks_.pop_back();
        if (blocks_.empty()) {
            if (!dead_) {
                close();
            }
            out_.push_back(code_end);
            return;
        }
        if (block.opcode == Opcode::if_) {
            // Those who skip it go to its end.
            put_opcode(out_, Opcode::else_);
            note(block.else_head);
        }
        out_.push_back(code_end);
        if (block.opcode == Opcode::loop) {
            return;
        }
        if (block.opcode == Opcode::if_ || block.head) {
            dead_ = false;
            if (block.opcode == Opcode::if_) {
                define(block.else_head);
            }
            if (block.head) {
                define(*block.head);
            }
        }
    }

  public:
    /// Rows of branch tables get what their labels cost, once every label is known.
    void finish() {
        for (const Row& row : rows_) {
            if (row.head) {
                result_.notes[row.note] = result_.notes[*row.head];
            } else {
                result_.notes[row.note] = {0, 0};
            }
        }
    }

  private:
    struct Row {
        std::uint32_t note = 0;
        std::optional<std::uint32_t> head;
    };

    const wasm::Module& module_;
    const Schedule& schedule_;
    Instrumented& result_;
    wasm::CodeReader in_;
    Bytes out_;
    std::vector<Instrumented::Origin> places_;
    std::vector<Block> blocks_;
    std::vector<std::uint32_t> open_;    ///< notes whose region is not closed yet
    std::vector<std::uint32_t> before_;  ///< and what the region cost ahead of them
    std::vector<Row> rows_;
    std::uint32_t open_cost_ = 0;
    std::uint32_t entry_cost_ = 0;
    std::uint32_t scratch_ = 0;
    std::uint32_t at_ = 0;
    std::uint32_t dead_depth_ = 0;
    bool dead_ = false;
    bool supported_ = true;
};

/// Goes through the sections of a module file.
class Sections {
  public:
    Sections(const wasm::ValidatedModule& validated, const Schedule& schedule, Instrumented& out)
        : module_(validated.module()), rewriter_(module_, schedule, out), out_(out) {}

    Result<> write() {
        constexpr std::size_t preamble = 8;
        const BytesView file(module_.bytes);
        append(out_.module, file.first(preamble));
        const std::uint8_t* at = file.data() + preamble;
        const std::uint8_t* const end = file.data() + file.size();
        bool imports_written = false;
        while (at != end) {
            const std::uint8_t id = *at++;
            const auto size = read_checked_leb128<std::uint32_t>(at);
            const BytesView content(at, size);
            at += size;
            if (id == 0) {
                continue;
            }
            if (!imports_written && order_of(id) > order_of(import_section)) {
                section(import_section, with_one_more({}, import()));
                imports_written = true;
            }
            imports_written = imports_written || id == import_section;
            AQD_CHECK(one(id, content));
        }
        rewriter_.finish();
        if (!rewriter_.supported() || initial_values_refer()) {
            return fail(ErrorCode::unsupported, "only what contracts may use can be profiled");
        }
        return {};
    }

  private:
    static constexpr std::uint8_t type_section = 1;
    static constexpr std::uint8_t import_section = 2;
    static constexpr std::uint8_t export_section = 7;
    static constexpr std::uint8_t start_section = 8;
    static constexpr std::uint8_t element_section = 9;
    static constexpr std::uint8_t code_section = 10;
    static constexpr std::uint8_t data_count_section = 12;

    /// The number of data segments stands before the code.
    static int order_of(std::uint8_t id) {
        return id == data_count_section ? 2 * code_section - 1 : 2 * id;
    }

    [[nodiscard]] std::uint32_t renumbered(std::uint32_t function) const {
        return function + (function >= module_.imported_functions ? 1 : 0);
    }

    void section(std::uint8_t id, const Bytes& content) {
        out_.module.push_back(id);
        append_unsigned_leb128(out_.module, content.size());
        append(out_.module, content);
    }

    static Bytes with_one_more(BytesView content, const Bytes& item) {
        Bytes longer;
        std::uint32_t count = 0;
        if (!content.empty()) {
            const std::uint8_t* at = content.data();
            count = read_checked_leb128<std::uint32_t>(at);
            content = content.subspan(static_cast<std::size_t>(at - content.data()));
        }
        append_unsigned_leb128(longer, std::uint64_t{count} + 1);
        append(longer, content);
        append(longer, item);
        return longer;
    }

    [[nodiscard]] Bytes import() const {
        Bytes item;
        put_text(item, note_module);
        put_text(item, note_name);
        item.push_back(0);
        append_unsigned_leb128(item, module_.types.size());
        return item;
    }

    Result<> one(std::uint8_t id, BytesView content) {
        switch (id) {
            case type_section:
                section(id, with_one_more(content, {0x60, 1, i32_code, 0}));
                return {};
            case import_section:
                section(id, with_one_more(content, import()));
                return {};
            case export_section:
                section(id, exports());
                return {};
            case start_section: {
                Bytes start;
                append_unsigned_leb128(start, renumbered(module_.start.value_or(0)));
                section(id, start);
                return {};
            }
            case element_section: {
                AQD_TRY(segments, elements());
                section(id, segments);
                return {};
            }
            case code_section:
                code();
                return {};
            default:
                section(id, to_bytes(content));
                return {};
        }
    }

    [[nodiscard]] Bytes exports() const {
        Bytes content;
        append_unsigned_leb128(content, module_.exports.size());
        for (const wasm::Export& item : module_.exports) {
            put_text(content, item.name);
            content.push_back(static_cast<std::uint8_t>(item.kind));
            append_unsigned_leb128(content, item.kind == wasm::ExternalKind::function
                                                ? renumbered(item.index)
                                                : item.index);
        }
        return content;
    }

    /// Segments that are lists of functions.
    [[nodiscard]] Result<Bytes> elements() const {
        constexpr std::uint8_t kind_function = 0;
        Bytes content;
        append_unsigned_leb128(content, module_.elements.size());
        for (const wasm::ElementSegment& segment : module_.elements) {
            const bool nulls = std::ranges::find(segment.functions, wasm::null_function) !=
                               segment.functions.end();
            const bool fixed = segment.mode != wasm::SegmentMode::active ||
                               (segment.offset.kind == wasm::ConstantExpression::Kind::value &&
                                !module_.tables[segment.table_index].wide);
            if (nulls || !segment.items.empty() || !fixed) {
                return fail(ErrorCode::unsupported,
                            "a profile needs elements that are lists of functions");
            }
            if (segment.mode == wasm::SegmentMode::active) {
                content.push_back(2);
                append_unsigned_leb128(content, segment.table_index);
                put_opcode(content, Opcode::i32_const);
                append_signed_leb128(content, static_cast<std::int32_t>(segment.offset.value));
                content.push_back(code_end);
            } else {
                content.push_back(segment.mode == wasm::SegmentMode::passive ? 1 : 3);
            }
            content.push_back(kind_function);
            append_unsigned_leb128(content, segment.functions.size());
            for (const std::uint32_t function : segment.functions) {
                append_unsigned_leb128(content, renumbered(function));
            }
        }
        return content;
    }

    /// References to functions in initial values would have to be renumbered, too.
    [[nodiscard]] bool initial_values_refer() const {
        const auto refers = [](const wasm::ConstantExpression& expression) {
            return expression.kind == wasm::ConstantExpression::Kind::function;
        };
        return std::ranges::any_of(module_.globals, refers, &wasm::Global::initial) ||
               std::ranges::any_of(module_.table_initials, [&](const auto& initial) {
                   return initial && refers(*initial);
               });
    }

    void code() {
        Bytes content;
        append_unsigned_leb128(content, module_.bodies.size());
        for (std::uint32_t i = 0; i < module_.bodies.size(); ++i) {
            rewriter_.rewrite(i, content);
        }
        section(code_section, content);
        const auto begin = static_cast<std::uint32_t>(out_.module.size() - content.size());
        for (Instrumented::Origin& origin : out_.origins) {
            origin.new_offset += begin;
        }
    }

    const wasm::Module& module_;
    Rewriter rewriter_;
    Instrumented& out_;
};

}  // namespace

std::uint32_t Instrumented::original(std::uint32_t new_offset) const {
    const auto after =
        std::ranges::upper_bound(origins, new_offset, {}, &Instrumented::Origin::new_offset);
    return after == origins.begin() ? 0 : std::prev(after)->code_offset;
}

Result<Instrumented> instrument(const wasm::ValidatedModule& module, const Schedule& schedule) {
    Instrumented result;
    AQD_CHECK(Sections(module, schedule, result).write());
    return result;
}

Schedule unpriced(const Schedule& schedule) {
    Schedule free = schedule;
    free.class_price.fill(0);
    free.locals_per_gas = 0;
    return free;
}

}  // namespace aqd::gas
