// Encodes records as deterministic CBOR (RFC 8949, section 4.2), decodes them and compares.
#include "kernel.h"

static uint8_t buffer[65536];

typedef struct {
    uint8_t* at;
} Writer;

typedef struct {
    const uint8_t* at;
    const uint8_t* end;
    int wrong;
} Reader;

typedef struct {
    uint64_t identity;
    uint32_t amount;
    int32_t balance;
    uint32_t name_size;
    uint8_t name[24];
    uint32_t flags;
    uint32_t history[8];
    uint32_t history_size;
} Record;

static void put_head(Writer* w, uint32_t major, uint64_t value) {
    const uint32_t top = major << 5;
    int bytes = 0;
    if (value < 24) {
        *w->at++ = (uint8_t)(top | value);
        return;
    }
    if (value < 0x100) {
        *w->at++ = (uint8_t)(top | 24);
        bytes = 1;
    } else if (value < 0x10000) {
        *w->at++ = (uint8_t)(top | 25);
        bytes = 2;
    } else if (value < 0x100000000u) {
        *w->at++ = (uint8_t)(top | 26);
        bytes = 4;
    } else {
        *w->at++ = (uint8_t)(top | 27);
        bytes = 8;
    }
    while (bytes-- > 0) {
        *w->at++ = (uint8_t)(value >> (8 * bytes));
    }
}

static void put_integer(Writer* w, int64_t value) {
    put_head(w, value < 0, value < 0 ? (uint64_t)~value : (uint64_t)value);
}

NOINLINE static void put_record(Writer* w, const Record* record) {
    put_head(w, 5, 5);
    put_head(w, 0, 1);
    put_head(w, 0, record->identity);
    put_head(w, 0, 2);
    put_integer(w, record->amount);
    put_head(w, 0, 3);
    put_integer(w, record->balance);
    put_head(w, 0, 4);
    put_head(w, 3, record->name_size);
    for (uint32_t i = 0; i < record->name_size; ++i) {
        *w->at++ = record->name[i];
    }
    put_head(w, 0, 5);
    put_head(w, 4, record->history_size + 1);
    *w->at++ = record->flags ? 0xf5 : 0xf4;
    for (uint32_t i = 0; i < record->history_size; ++i) {
        put_head(w, 0, record->history[i]);
    }
}

static uint64_t get_head(Reader* r, uint32_t* major) {
    if (r->at == r->end) {
        r->wrong = 1;
        return 0;
    }
    const uint8_t first = *r->at++;
    *major = first >> 5;
    const uint32_t low = first & 31;
    if (low < 24) {
        return low;
    }
    if (low > 27) {
        r->wrong = 1;
        return 0;
    }
    uint32_t bytes = 1u << (low - 24);
    if ((uint32_t)(r->end - r->at) < bytes) {
        r->wrong = 1;
        return 0;
    }
    uint64_t value = 0;
    for (uint32_t i = 0; i < bytes; ++i) {
        value = value << 8 | *r->at++;
    }
    // The shortest form only.
    const uint64_t least = low == 24 ? 24 : (uint64_t)1 << (4 * bytes);
    r->wrong |= value < least;
    return value;
}

static uint64_t expect(Reader* r, uint32_t wanted) {
    uint32_t major = 8;
    const uint64_t value = get_head(r, &major);
    r->wrong |= major != wanted;
    return value;
}

static int64_t get_integer(Reader* r) {
    uint32_t major = 8;
    const uint64_t value = get_head(r, &major);
    r->wrong |= major > 1;
    return major == 1 ? ~(int64_t)value : (int64_t)value;
}

NOINLINE static void get_record(Reader* r, Record* record) {
    r->wrong |= expect(r, 5) != 5;
    for (uint32_t key = 1; key <= 5 && !r->wrong; ++key) {
        if (expect(r, 0) != key) {
            r->wrong = 1;
            return;
        }
        switch (key) {
            case 1:
                record->identity = expect(r, 0);
                break;
            case 2:
                record->amount = (uint32_t)get_integer(r);
                break;
            case 3:
                record->balance = (int32_t)get_integer(r);
                break;
            case 4:
                record->name_size = (uint32_t)expect(r, 3);
                if (record->name_size > sizeof record->name) {
                    r->wrong = 1;
                    return;
                }
                for (uint32_t i = 0; i < record->name_size; ++i) {
                    record->name[i] = *r->at++;
                }
                break;
            default:
                record->history_size = (uint32_t)expect(r, 4) - 1;
                record->flags = *r->at++ == 0xf5;
                for (uint32_t i = 0; i < record->history_size && i < 8; ++i) {
                    record->history[i] = (uint32_t)expect(r, 0);
                }
                break;
        }
    }
}

NOINLINE static void make_record(Record* record, uint64_t* seed) {
    record->identity = (uint64_t)draw(seed) << (draw(seed) & 31);
    record->amount = draw(seed) >> (draw(seed) & 31);
    record->balance = (int32_t)draw(seed) >> (draw(seed) & 31);
    record->name_size = draw(seed) % 25;
    for (uint32_t i = 0; i < record->name_size; ++i) {
        record->name[i] = (uint8_t)('a' + (draw(seed) & 15));
    }
    record->flags = draw(seed) & 1;
    record->history_size = draw(seed) & 7;
    for (uint32_t i = 0; i < record->history_size; ++i) {
        record->history[i] = draw(seed) >> (i * 4);
    }
}

enum { most = 256 };
static Record records[most];

EXPORT(run) uint64_t run(uint32_t n) {
    uint64_t seed = 8949;
    for (int i = 0; i < most; ++i) {
        make_record(&records[i], &seed);
    }
    uint64_t sum = 0;
    for (uint32_t round = 0; round < n; ++round) {
        records[round % most].amount += round;
        Writer writer = {buffer};
        for (int i = 0; i < most; ++i) {
            put_record(&writer, &records[i]);
        }
        Reader reader = {buffer, writer.at, 0};
        Record record;
        while (reader.at != reader.end && !reader.wrong) {
            get_record(&reader, &record);
            sum = mix(sum, record.identity + record.amount + (uint32_t)record.balance);
            sum = mix(sum, record.name_size + record.history_size + record.flags);
        }
        sum = mix(sum, (uint64_t)(writer.at - buffer) + (uint64_t)reader.wrong);
    }
    return sum;
}
