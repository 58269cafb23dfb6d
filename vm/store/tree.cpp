#include "vm/store/tree.h"

#include <aqd/base/assert.h>

#include <algorithm>
#include <array>
#include <utility>

namespace aqd::store {

namespace {

constexpr std::uint64_t crowded_bucket = 4;
constexpr unsigned most_levels = 32;
constexpr std::size_t hash_size = Hash256::size_bytes;

std::unexpected<Error> damaged_leaves() {
    return fail(ErrorCode::corrupt, "the store is damaged: leaves do not fit their hash");
}

/// The first 64 bits, for cutting buckets.
std::uint64_t front(BytesView key) {
    std::uint64_t bits = 0;
    for (std::size_t i = 0; i < 8; ++i) {
        bits = bits << 8 | (i < key.size() ? key[i] : 0U);
    }
    return bits;
}

std::uint64_t top_bits(std::uint64_t bits, unsigned count) {
    return count == 0 ? 0 : bits >> (64 - count);
}

Tree::Node join(const Tree::Node& left, const Tree::Node& right) {
    using Fill = Tree::Fill;
    // A lone leaf stands for every subtree that holds it alone.
    if (left.fill == Fill::none && right.fill != Fill::several) {
        return right;
    }
    if (right.fill == Fill::none && left.fill != Fill::several) {
        return left;
    }
    return {proof::node_hash(left.hash, right.hash), Fill::several};
}

Result<proof::Leaf> leaf_at(const Cursor& cursor) {
    if (cursor.key().size() != hash_size || cursor.value().size() < hash_size) {
        return damaged_leaves();
    }
    return proof::Leaf{Hash256::from(cursor.key()), Hash256::from(cursor.value())};
}

}  // namespace

std::uint64_t Tree::bucket_of(const Hash256& key) const {
    return top_bits(front(key.view()), depth_);
}

bool Tree::in_bucket(BytesView key, std::uint64_t bucket) const {
    return top_bits(front(key), depth_) == bucket;
}

Tree::Node Tree::node_of(std::span<const proof::Leaf> leaves) const {
    const Fill fill = leaves.empty() ? Fill::none : leaves.size() == 1 ? Fill::one : Fill::several;
    return {proof::subtree_root(leaves, depth_), fill};
}

std::uint64_t Tree::tag_of(std::span<const proof::Leaf> leaves) const {
    static_assert(sizeof(proof::Leaf) == 2 * hash_size);
    return tag_({reinterpret_cast<const std::uint8_t*>(leaves.data()), leaves.size_bytes()});
}

bool Tree::is_crowded() const {
    return depth_ < most_levels && count_ > crowded_bucket << depth_;
}

Result<> Tree::load(Reader& reader, KeySum* sum) {
    AQD_TRY(expected, reader.entry_count(rows_));
    Tree fresh(rows_, tag_);
    fresh.count_ = expected;
    while (fresh.is_crowded()) {
        ++fresh.depth_;
    }
    const std::uint64_t first = std::uint64_t{1} << fresh.depth_;
    fresh.nodes_.assign(2 * first, Node{});
    fresh.tags_.assign(first, tag_of({}));
    const auto finish = [&](std::uint64_t number, std::span<const proof::Leaf> leaves) {
        fresh.nodes_[first + number] = fresh.node_of(leaves);
        fresh.tags_[number] = tag_of(leaves);
    };

    AQD_TRY(cursor, reader.cursor(rows_));
    std::vector<proof::Leaf> bucket;
    std::uint64_t number = 0;
    std::uint64_t seen = 0;
    AQD_TRY(more, cursor->seek({}));
    while (more) {
        AQD_TRY(leaf, leaf_at(*cursor));
        const std::uint64_t its_bucket = fresh.bucket_of(leaf.key);
        if (its_bucket != number) {
            finish(number, bucket);
            bucket.clear();
        }
        if (++seen > expected || its_bucket < number ||
            (!bucket.empty() && !(bucket.back().key < leaf.key))) {
            return damaged_leaves();
        }
        number = its_bucket;
        bucket.push_back(leaf);
        if (sum != nullptr) {
            sum->add(leaf.key);
        }
        AQD_TRY(another, cursor->advance());
        more = another;
    }
    if (seen != expected) {
        return damaged_leaves();
    }
    finish(number, bucket);
    for (std::uint64_t at = first; at-- > 1;) {
        fresh.nodes_[at] = join(fresh.nodes_[2 * at], fresh.nodes_[2 * at + 1]);
    }
    *this = std::move(fresh);
    return {};
}

Result<> Tree::read_bucket(Reader& reader, std::uint64_t bucket, std::vector<proof::Leaf>& out,
                           const Hash256* wanted, BytesView* value) const {
    out.clear();
    AQD_TRY(cursor, reader.cursor(rows_));
    std::array<std::uint8_t, 8> start{};
    const std::uint64_t bits = depth_ == 0 ? 0 : bucket << (64 - depth_);
    for (unsigned i = 0; i < start.size(); ++i) {
        start[i] = static_cast<std::uint8_t>(bits >> (56 - 8 * i));
    }
    AQD_TRY(more, cursor->seek(start));
    while (more && in_bucket(cursor->key(), bucket)) {
        AQD_TRY(leaf, leaf_at(*cursor));
        if (!out.empty() && !(out.back().key < leaf.key)) {
            return damaged_leaves();
        }
        if (wanted != nullptr && leaf.key == *wanted) {
            *value = cursor->value().subspan(hash_size);
        }
        out.push_back(leaf);
        AQD_TRY(another, cursor->advance());
        more = another;
    }
    if (tag_of(out) != tags_[bucket]) {
        return damaged_leaves();
    }
    return {};
}

Result<std::optional<BytesView>> Tree::find(Reader& reader, const Hash256& key) const {
    std::vector<proof::Leaf> leaves;
    BytesView value;
    AQD_CHECK(read_bucket(reader, bucket_of(key), leaves, &key, &value));
    for (const proof::Leaf& leaf : leaves) {
        if (leaf.key == key) {
            if (proof::value_hash(value) != leaf.value) {
                return fail(ErrorCode::corrupt,
                            "the store is damaged: a value does not fit its hash");
            }
            return value;
        }
    }
    return std::nullopt;
}

Result<proof::Path> Tree::path(Reader& reader, const Hash256& key) const {
    proof::Path path;
    std::uint64_t at = 1;
    unsigned level = 0;
    while (level < depth_ && nodes_[at].fill == Fill::several) {
        const std::uint64_t child = 2 * at + (proof::goes_right(key, level) ? 1 : 0);
        path.siblings.push_back(nodes_[child ^ 1].hash);
        at = child;
        ++level;
    }
    if (nodes_[at].fill == Fill::none) {
        return path;
    }
    // A lone leaf may lie in any of the buckets below: walk down to its own.
    while (level < depth_) {
        at = 2 * at + (nodes_[2 * at].fill == Fill::none ? 1 : 0);
        ++level;
    }
    std::vector<proof::Leaf> leaves;
    AQD_CHECK(read_bucket(reader, at - (std::uint64_t{1} << depth_), leaves));
    proof::extend_path(path, leaves, depth_, key);
    return path;
}

void Tree::apply_to_bucket(std::span<Change> changes, std::vector<proof::Leaf>& leaves,
                           std::uint64_t& count) const {
    for (Change& change : changes) {
        const auto place = std::ranges::lower_bound(leaves, change.key, {}, &proof::Leaf::key);
        const bool is_there = place != leaves.end() && place->key == change.key;
        if (is_there && !change.value) {
            change.effect = Effect::remove;
            leaves.erase(place);
            --count;
        } else if (is_there && place->value != *change.value) {
            change.effect = Effect::update;
            place->value = *change.value;
        } else if (!is_there && change.value) {
            change.effect = Effect::insert;
            leaves.insert(place, {change.key, *change.value});
            ++count;
        }
    }
}

Result<Tree::Stage> Tree::stage(Reader& reader, std::vector<Change> changes) const {
    Stage stage;
    stage.changes = std::move(changes);
    stage.count = count_;
    stage.root = root();
    std::vector<proof::Leaf> leaves;
    for (std::size_t begin = 0; begin < stage.changes.size();) {
        const std::uint64_t bucket = bucket_of(stage.changes[begin].key);
        std::size_t end = begin + 1;
        while (end < stage.changes.size() && bucket_of(stage.changes[end].key) == bucket) {
            ++end;
        }
        AQD_CHECK(read_bucket(reader, bucket, leaves));
        const std::span group(stage.changes.data() + begin, end - begin);
        apply_to_bucket(group, leaves, stage.count);
        if (std::ranges::any_of(
                group, [](const Change& change) { return change.effect != Effect::nothing; })) {
            stage.nodes.emplace_back((std::uint64_t{1} << depth_) + bucket, node_of(leaves));
            stage.tags.emplace_back(bucket, tag_of(leaves));
        }
        begin = end;
    }
    stage_levels(stage);
    return stage;
}

void Tree::stage_levels(Stage& stage) const {
    std::size_t begin = 0;
    std::size_t end = stage.nodes.size();
    if (end == 0) {
        return;
    }
    for (unsigned level = depth_; level > 0; --level) {
        for (std::size_t i = begin; i < end; ++i) {
            const auto [at, node] = stage.nodes[i];
            if ((at & 1) == 0 && i + 1 < end && stage.nodes[i + 1].first == at + 1) {
                const Node right = stage.nodes[i + 1].second;
                stage.nodes.emplace_back(at / 2, join(node, right));
                ++i;
            } else {
                stage.nodes.emplace_back(at / 2, (at & 1) == 0 ? join(node, nodes_[at + 1])
                                                               : join(nodes_[at - 1], node));
            }
        }
        begin = end;
        end = stage.nodes.size();
    }
    AQD_ASSERT(stage.nodes.back().first == 1);
    stage.root = stage.nodes.back().second.hash;
}

Result<> Tree::write(Writer& writer, const Stage& stage, const state::WriteSet& writes) const {
    using Known = Writer::Known;
    for (const Change& change : stage.changes) {
        if (change.effect == Effect::remove) {
            AQD_CHECK(writer.remove(rows_, change.key.view(), Known::present));
        } else if (change.effect != Effect::nothing) {
            const std::optional<Bytes>& value = writes.writes()[change.write].value;
            AQD_ASSERT(value && change.value);
            const Known known = change.effect == Effect::insert ? Known::absent : Known::nothing;
            AQD_CHECK(
                writer.put_joined(rows_, change.key.view(), {change.value->view(), *value}, known));
        }
    }
    return {};
}

void Tree::install(const Stage& stage) {
    for (const auto& [at, node] : stage.nodes) {
        nodes_[at] = node;
    }
    for (const auto& [bucket, tag] : stage.tags) {
        tags_[bucket] = tag;
    }
    count_ = stage.count;
}

}  // namespace aqd::store
