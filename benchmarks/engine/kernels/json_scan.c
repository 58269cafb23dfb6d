// Writes a JSON document, then checks and measures it with a recursive-descent scanner.
#include "kernel.h"

static char text[32768];
static uint32_t length;

static void put(char c) {
    text[length++] = c;
}

static void put_text(const char* from) {
    while (*from != 0) {
        put(*from++);
    }
}

static void put_number(uint32_t value) {
    char digits[10];
    int count = 0;
    do {
        digits[count++] = (char)('0' + value % 10);
        value /= 10;
    } while (value != 0);
    while (count > 0) {
        put(digits[--count]);
    }
}

NOINLINE static void write_document(uint64_t* seed) {
    static const char* const names[8] = {"identity", "first name", "last name", "born \\u0639",
                                         "commune",  "status",     "amount",    "notes"};
    length = 0;
    put('[');
    while (length < sizeof text - 1024) {
        if (length > 1) {
            put_text(",\n  ");
        }
        put('{');
        for (int field = 0; field < 8; ++field) {
            put_text(field == 0 ? "\"" : ", \"");
            put_text(names[field]);
            put_text("\": ");
            const uint32_t choice = draw(seed);
            switch (choice % 5) {
                case 0:
                    put_number(choice >> 3);
                    break;
                case 1:
                    put('-');
                    put_number(choice >> 20);
                    put('.');
                    put_number(choice >> 9);
                    put_text("e-3");
                    break;
                case 2:
                    put_text(choice & 64 ? "true" : "null");
                    break;
                case 3:
                    put('"');
                    for (uint32_t i = choice >> 27; i != 0; --i) {
                        put((char)('a' + (draw(seed) >> 8) % 26));
                    }
                    put_text("\\n\"");
                    break;
                default:
                    put_text("[1, [2, [], {}], \"x\"]");
                    break;
            }
        }
        put('}');
    }
    put(']');
}

typedef struct {
    const char* at;
    const char* end;
    uint32_t objects, strings, numbers, depth;
    uint64_t hash;
    int wrong;
} Scanner;

static int value(Scanner* s);

static void blanks(Scanner* s) {
    while (s->at != s->end &&
           (*s->at == ' ' || *s->at == '\n' || *s->at == '\t' || *s->at == '\r')) {
        ++s->at;
    }
}

static int literal(Scanner* s, const char* word) {
    while (*word != 0) {
        if (s->at == s->end || *s->at++ != *word++) {
            return 0;
        }
    }
    return 1;
}

NOINLINE static int string(Scanner* s) {
    ++s->at;
    ++s->strings;
    uint32_t hash = 2166136261u;
    while (s->at != s->end) {
        const char c = *s->at++;
        if (c == '"') {
            s->hash = mix(s->hash, hash);
            return 1;
        }
        if ((unsigned char)c < 0x20) {
            return 0;
        }
        if (c == '\\') {
            const char escaped = s->at == s->end ? 0 : *s->at++;
            if (escaped == 'u') {
                for (int i = 0; i < 4; ++i) {
                    const char h = s->at == s->end ? 0 : *s->at++;
                    if (!((h >= '0' && h <= '9') || (h >= 'a' && h <= 'f') ||
                          (h >= 'A' && h <= 'F'))) {
                        return 0;
                    }
                }
            } else if (escaped != 'n' && escaped != '"' && escaped != '\\' && escaped != 't') {
                return 0;
            }
        }
        hash = (hash ^ (unsigned char)c) * 16777619u;
    }
    return 0;
}

static int is_digit(const Scanner* s) {
    return s->at != s->end && *s->at >= '0' && *s->at <= '9';
}

NOINLINE static int number(Scanner* s) {
    uint64_t whole = 0;
    if (*s->at == '-') {
        ++s->at;
    }
    if (!is_digit(s)) {
        return 0;
    }
    while (is_digit(s)) {
        whole = whole * 10 + (uint64_t)(*s->at++ - '0');
    }
    if (s->at != s->end && *s->at == '.') {
        ++s->at;
        while (is_digit(s)) {
            whole = whole * 10 + (uint64_t)(*s->at++ - '0');
        }
    }
    if (s->at != s->end && (*s->at == 'e' || *s->at == 'E')) {
        ++s->at;
        if (s->at != s->end && (*s->at == '-' || *s->at == '+')) {
            ++s->at;
        }
        if (!is_digit(s)) {
            return 0;
        }
        while (is_digit(s)) {
            ++s->at;
        }
    }
    ++s->numbers;
    s->hash = mix(s->hash, whole);
    return 1;
}

static int list(Scanner* s, char close, int named) {
    ++s->at;
    blanks(s);
    if (s->at != s->end && *s->at == close) {
        ++s->at;
        return 1;
    }
    for (;;) {
        blanks(s);
        if (named) {
            if (s->at == s->end || *s->at != '"' || !string(s)) {
                return 0;
            }
            blanks(s);
            if (s->at == s->end || *s->at++ != ':') {
                return 0;
            }
        }
        if (!value(s)) {
            return 0;
        }
        blanks(s);
        if (s->at == s->end) {
            return 0;
        }
        const char c = *s->at++;
        if (c == close) {
            return 1;
        }
        if (c != ',') {
            return 0;
        }
    }
}

NOINLINE static int value(Scanner* s) {
    blanks(s);
    if (s->at == s->end || s->depth == 100) {
        return 0;
    }
    ++s->depth;
    int good = 0;
    switch (*s->at) {
        case '{':
            ++s->objects;
            good = list(s, '}', 1);
            break;
        case '[':
            good = list(s, ']', 0);
            break;
        case '"':
            good = string(s);
            break;
        case 't':
            good = literal(s, "true");
            break;
        case 'f':
            good = literal(s, "false");
            break;
        case 'n':
            good = literal(s, "null");
            break;
        default:
            good = number(s);
            break;
    }
    --s->depth;
    return good;
}

EXPORT(run) uint64_t run(uint32_t n) {
    uint64_t seed = 8259;
    uint64_t sum = 0;
    for (uint32_t round = 0; round < n; ++round) {
        if ((round & 7) == 0) {
            write_document(&seed);
        }
        Scanner scanner = {text, text + length, 0, 0, 0, 0, 0, 0};
        const int good = value(&scanner);
        sum = mix(sum, scanner.hash + (uint64_t)good);
        sum = mix(sum, (uint64_t)scanner.objects << 40 | (uint64_t)scanner.strings << 20 |
                           scanner.numbers);
    }
    return sum;
}
