"""Writes text_tables.inc from the Unicode 14 data of Python 3.11: python3 make_text_tables.py > text_tables.inc

One row is a run of code points that is_good_text looks at: first, length, and what they are: a canonical combining
class, or one of the two marks below. Classes 254 and 255 do not exist.
"""
import sys
import unicodedata

NEVER = 255  # NFC_Quick_Check=No, or forbidden by the language
MAYBE = 254  # NFC_Quick_Check=Maybe and combining class 0

FORBIDDEN = set(range(0x00, 0x20)) - {0x0A}
FORBIDDEN |= set(range(0x7F, 0xA0))
FORBIDDEN |= set(range(0x202A, 0x202F)) | set(range(0x2066, 0x206A))

assert unicodedata.unidata_version == "14.0.0"

# Characters that can be the second of a pair that composes.
seconds = set()
for code in range(0x110000):
    parts = unicodedata.decomposition(chr(code)).split()
    if len(parts) == 2 and not parts[0].startswith("<") and unicodedata.normalize("NFC", chr(code)) == chr(code):
        seconds.add(int(parts[1], 16))
seconds |= set(range(0x1161, 0x1176)) | set(range(0x11A8, 0x11C3))

rows = []
for code in range(0x80, 0x110000):
    if 0xD800 <= code <= 0xDFFF:
        continue
    char = chr(code)
    ccc = unicodedata.combining(char)
    if code in FORBIDDEN or unicodedata.normalize("NFC", char) != char:
        kind, maybe = NEVER, 0
    elif ccc == 0 and code in seconds:
        kind, maybe = MAYBE, 1
    elif ccc != 0:
        kind, maybe = ccc, int(code in seconds)
    else:
        continue
    if rows and rows[-1][0] + rows[-1][1] == code and rows[-1][2:] == (kind, maybe) and rows[-1][1] < 0xFFFF:
        rows[-1] = (rows[-1][0], rows[-1][1] + 1, kind, maybe)
    else:
        rows.append((code, 1, kind, maybe))

print("// Made by make_text_tables.py from Unicode 14. Each run of code points: {first << 12 | class << 4 | composes, length}.")
for first, count, kind, maybe in rows:
    assert first < 1 << 20
    print(f"AQD_RUN(0x{first << 12 | kind << 4 | maybe:08X}, {count})")
print(len(rows), "rows", file=sys.stderr)
