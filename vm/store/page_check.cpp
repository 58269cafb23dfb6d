#include "vm/store/page_check.h"

#include <cstring>
#include <string>
#include <utility>
#include <vector>

namespace aqd::store {

namespace {

// LMDB 0.9, mdb.c: MDB_page, MDB_node, MDB_db, MDB_meta on a 64-bit machine.
constexpr std::size_t page_header = 16;
constexpr std::size_t node_header = 8;
constexpr std::size_t table_record = 48;
constexpr std::size_t meta_size = 24 + 2 * table_record + 16;
constexpr std::uint32_t meta_magic = 0xbeefc0de;
constexpr std::uint32_t data_version = 1;
constexpr std::uint64_t no_page = ~std::uint64_t{0};
constexpr std::uint16_t branch_page = 0x01;
constexpr std::uint16_t leaf_page = 0x02;
constexpr std::uint16_t overflow_page = 0x04;
constexpr std::uint16_t meta_page = 0x08;
constexpr std::uint16_t integer_keys = 0x08;
constexpr std::uint16_t big_data = 0x01;
constexpr std::uint16_t table_data = 0x02;
constexpr unsigned most_levels = 32;
constexpr std::size_t largest_key = 511;
constexpr std::size_t smallest_page = 512;
constexpr std::size_t largest_page = 32768;

std::unexpected<Error> damaged(const std::string& what, std::uint64_t page) {
    return fail(ErrorCode::corrupt, what + " (page " + std::to_string(page) + ")");
}

template <class T>
T load(BytesView bytes, std::size_t at) {
    T value;
    std::memcpy(&value, bytes.data() + at, sizeof value);
    return value;
}

/// MDB_db.
struct Table {
    std::uint32_t pad = 0;
    std::uint16_t flags = 0;
    std::uint16_t depth = 0;
    std::uint64_t branch_pages = 0;
    std::uint64_t leaf_pages = 0;
    std::uint64_t overflow_pages = 0;
    std::uint64_t entries = 0;
    std::uint64_t root = 0;

    static Table read(BytesView record) {
        return {load<std::uint32_t>(record, 0),  load<std::uint16_t>(record, 4),
                load<std::uint16_t>(record, 6),  load<std::uint64_t>(record, 8),
                load<std::uint64_t>(record, 16), load<std::uint64_t>(record, 24),
                load<std::uint64_t>(record, 32), load<std::uint64_t>(record, 40)};
    }
};

/// What the rows of a table mean.
enum class Content : std::uint8_t { rows, free_list, tables };

/// MDB_node, whose bounds have been checked.
struct Node {
    BytesView key;
    std::uint16_t flags = 0;
    std::uint64_t child = 0;  ///< of a branch
    std::size_t data_size = 0;
    BytesView data;  ///< of a leaf: the value, or the number of its first overflow page
};

class PageCheck {
  public:
    explicit PageCheck(BytesView file) : file_(file) {}

    Result<> run(std::uint64_t transaction) {
        AQD_CHECK(read_metas(transaction));
        AQD_CHECK(check_table(free_list_, Content::free_list));
        AQD_CHECK(check_table(main_, Content::tables));
        for (const Table& table : found_tables_) {
            AQD_CHECK(check_table(table, Content::rows));
        }
        for (std::uint64_t page = 2; page <= last_page_; ++page) {
            if (!is_taken_[page]) {
                return damaged("a page is lost", page);
            }
        }
        return {};
    }

  private:
    Result<> read_metas(std::uint64_t transaction) {
        if (file_.size() < 2 * smallest_page) {
            return damaged("the file is too short", 0);
        }
        // The size of pages stands in the record of the free list.
        page_size_ = load<std::uint32_t>(file_, page_header + 24);
        if (page_size_ < smallest_page || page_size_ > largest_page ||
            (page_size_ & (page_size_ - 1)) != 0 || file_.size() < 2 * page_size_) {
            return damaged("the file is not an LMDB file, or too short", 0);
        }
        bool is_found = false;
        for (std::uint64_t number = 0; number < 2; ++number) {
            const BytesView page = file_.subspan(number * page_size_, page_size_);
            const BytesView meta = page.subspan(page_header, meta_size);
            if (load<std::uint64_t>(page, 0) != number ||
                load<std::uint16_t>(page, 10) != meta_page ||
                load<std::uint32_t>(meta, 0) != meta_magic ||
                load<std::uint32_t>(meta, 4) != data_version) {
                return damaged("a meta page is not one", number);
            }
            const Table free_list = Table::read(meta.subspan(24));
            const Table main = Table::read(meta.subspan(24 + table_record));
            if (free_list.pad != page_size_ || free_list.flags != integer_keys || main.flags != 0) {
                return damaged("a meta page asks for what a store never does", number);
            }
            if (load<std::uint64_t>(meta, 24 + 2 * table_record + 8) == transaction) {
                free_list_ = free_list;
                main_ = main;
                last_page_ = load<std::uint64_t>(meta, 24 + 2 * table_record);
                is_found = true;
            }
        }
        // Pages at the end that are free need not be in the file, but the free list that names them
        // is.
        const std::uint64_t pages = file_.size() / page_size_;
        if (!is_found || last_page_ < 1 || last_page_ / (1 + page_size_ / 8) > pages) {
            return damaged("the meta page does not fit the file", 0);
        }
        is_taken_.assign(last_page_ + 1, false);
        return {};
    }

    Result<> take(std::uint64_t first, std::uint64_t count) {
        if (first < 2 || first > last_page_ || count > last_page_ + 1 - first) {
            return damaged("a page number is out of range", first);
        }
        for (std::uint64_t page = first; page < first + count; ++page) {
            if (is_taken_[page]) {
                return damaged("a page is used twice", page);
            }
            is_taken_[page] = true;
        }
        return {};
    }

    /// The octets of pages that are in use, which the file must hold.
    [[nodiscard]] Result<BytesView> pages(std::uint64_t first, std::uint64_t count) const {
        const std::uint64_t held = file_.size() / page_size_;
        if (first >= held || count > held - first) {
            return damaged("the file is too short", first);
        }
        return file_.subspan(first * page_size_, count * page_size_);
    }

    Result<> check_table(const Table& table, Content content) {
        const std::uint16_t wanted = content == Content::free_list ? integer_keys : 0;
        if (table.flags != wanted || table.depth > most_levels) {
            return damaged("a table is not of the expected kind", table.root);
        }
        content_ = content;
        counted_ = {};
        if (table.root == no_page) {
            if (table.depth != 0) {
                return damaged("a table has depth and no root", table.root);
            }
        } else {
            AQD_CHECK(check_page(table.root, table.depth, {}, {}));
        }
        if (counted_.branch_pages != table.branch_pages ||
            counted_.leaf_pages != table.leaf_pages ||
            counted_.overflow_pages != table.overflow_pages || counted_.entries != table.entries) {
            return damaged("a table does not count right", table.root);
        }
        return {};
    }

    /// -1, 0, 1 in the order of the table that is being checked.
    [[nodiscard]] std::strong_ordering order(BytesView a, BytesView b) const {
        if (content_ == Content::free_list) {
            return load<std::uint64_t>(a, 0) <=> load<std::uint64_t>(b, 0);
        }
        return compare(a, b);
    }

    /// A page with `levels` to go, itself among them; its keys lie in [low, high), empty meaning
    /// open.
    Result<> check_page(std::uint64_t number, unsigned levels, BytesView low, BytesView high) {
        AQD_CHECK(take(number, 1));
        AQD_TRY(page, pages(number, 1));
        const auto flags = load<std::uint16_t>(page, 10);
        const std::size_t lower = load<std::uint16_t>(page, 12);
        const std::size_t upper = load<std::uint16_t>(page, 14);
        const bool is_leaf = levels == 1;
        if (load<std::uint64_t>(page, 0) != number ||
            flags != (is_leaf ? leaf_page : branch_page)) {
            return damaged("a page is not the one it should be", number);
        }
        const std::size_t count = lower < page_header ? 0 : (lower - page_header) / 2;
        if (lower % 2 != 0 || lower > upper || upper > page_size_ || levels == 0 ||
            count < (is_leaf ? 1U : 2U)) {
            return damaged("a page has impossible bounds", number);
        }
        ++(is_leaf ? counted_.leaf_pages : counted_.branch_pages);
        std::size_t used = 0;
        BytesView before = low;
        for (std::size_t i = 0; i < count; ++i) {
            AQD_TRY(node, node_at(page, number, i, upper, is_leaf, used));
            // The first key of a branch is never looked at.
            const bool has_key = is_leaf || i > 0;
            if (has_key && !before.empty()) {
                const auto against = order(before, node.key);
                if (against > 0 || (against == 0 && i > 0)) {
                    return damaged("keys are out of order", number);
                }
            }
            if (has_key && !high.empty() && order(node.key, high) >= 0) {
                return damaged("a key lies outside its branch", number);
            }
            before = has_key ? node.key : before;
            AQD_CHECK(is_leaf ? check_row(node, number)
                              : check_child(page, number, i, count, upper, levels, low, high));
        }
        if (used != page_size_ - upper) {
            return damaged("the nodes of a page do not fill it", number);
        }
        return {};
    }

    Result<> check_child(BytesView page, std::uint64_t number, std::size_t i, std::size_t count,
                         std::size_t upper, unsigned levels, BytesView low, BytesView high) {
        std::size_t ignored = 0;
        AQD_TRY(node, node_at(page, number, i, upper, false, ignored));
        const BytesView next_low = i == 0 ? low : node.key;
        BytesView next_high = high;
        if (i + 1 < count) {
            AQD_TRY(following, node_at(page, number, i + 1, upper, false, ignored));
            next_high = following.key;
        }
        return check_page(node.child, levels - 1, next_low, next_high);
    }

    Result<Node> node_at(BytesView page, std::uint64_t number, std::size_t i, std::size_t upper,
                         bool is_leaf, std::size_t& used) const {
        const std::size_t at = load<std::uint16_t>(page, page_header + 2 * i);
        if (at % 2 != 0 || at < upper || at > page_size_ - node_header) {
            return damaged("a node lies outside its page", number);
        }
        const std::uint64_t low = load<std::uint16_t>(page, at);
        const std::uint64_t middle = load<std::uint16_t>(page, at + 2);
        const auto flags = load<std::uint16_t>(page, at + 4);
        const std::size_t key_size = load<std::uint16_t>(page, at + 6);
        const std::size_t room = page_size_ - at - node_header;
        Node node;
        if (key_size > largest_key || key_size > room) {
            return damaged("a key is too long", number);
        }
        node.key = page.subspan(at + node_header, key_size);
        std::size_t inline_size = 0;
        if (is_leaf) {
            node.flags = flags;
            node.data_size = low | middle << 16;
            inline_size = (flags & big_data) != 0 ? sizeof(std::uint64_t) : node.data_size;
            if (inline_size > room - key_size) {
                return damaged("a value is too long", number);
            }
            node.data = page.subspan(at + node_header + key_size, inline_size);
        } else {
            node.child = low | middle << 16 | std::uint64_t{flags} << 32;
        }
        const bool needs_key = is_leaf || i > 0;
        if (needs_key && (key_size == 0 || (content_ == Content::free_list && key_size != 8))) {
            return damaged("a key has a wrong size", number);
        }
        const std::size_t whole = node_header + key_size + inline_size;
        used += whole + whole % 2;
        return node;
    }

    Result<> check_row(const Node& node, std::uint64_t number) {
        ++counted_.entries;
        if (content_ == Content::tables) {
            if (node.flags != table_data || node.data_size != table_record) {
                return damaged("a row stands where tables should", number);
            }
            found_tables_.push_back(Table::read(node.data));
            return {};
        }
        if ((node.flags & ~big_data) != 0) {
            return damaged("a row is of an unknown kind", number);
        }
        BytesView value = node.data;
        if ((node.flags & big_data) != 0) {
            AQD_TRY(whole, big_value(load<std::uint64_t>(node.data, 0), node.data_size));
            value = whole;
        }
        return content_ == Content::free_list ? check_free_pages(value, number) : Result<>{};
    }

    Result<BytesView> big_value(std::uint64_t first, std::size_t size) {
        AQD_TRY(head, pages(first, 1));
        const std::uint64_t count = load<std::uint32_t>(head, 12);
        if (load<std::uint64_t>(head, 0) != first ||
            load<std::uint16_t>(head, 10) != overflow_page || count == 0) {
            return damaged("an overflow page is not the one it should be", first);
        }
        AQD_CHECK(take(first, count));
        AQD_TRY(all, pages(first, count));
        if (size > all.size() - page_header) {
            return damaged("a value is longer than its pages", first);
        }
        counted_.overflow_pages += count;
        return all.subspan(page_header, size);
    }

    /// A count and as many page numbers, descending (MDB_IDL).
    Result<> check_free_pages(BytesView value, std::uint64_t number) {
        if (value.size() < 8 || value.size() % 8 != 0 ||
            load<std::uint64_t>(value, 0) != value.size() / 8 - 1) {
            return damaged("a row of the free list has a wrong size", number);
        }
        std::uint64_t before = no_page;
        for (std::size_t at = 8; at < value.size(); at += 8) {
            const auto page = load<std::uint64_t>(value, at);
            if (page >= before) {
                return damaged("free pages are out of order", number);
            }
            before = page;
            AQD_CHECK(take(page, 1));
        }
        return {};
    }

    BytesView file_;
    std::size_t page_size_ = 0;
    std::uint64_t last_page_ = 0;
    Table free_list_;
    Table main_;
    std::vector<Table> found_tables_;
    std::vector<bool> is_taken_;
    Content content_ = Content::rows;
    Table counted_;
};

}  // namespace

Result<> check_pages(BytesView file, std::uint64_t transaction) {
    return PageCheck(file).run(transaction);
}

}  // namespace aqd::store
