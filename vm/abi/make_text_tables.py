"""Writes vm/abi/text_tables.inc from the files of the Unicode Character Database, as Debian's package unicode-data
installs them:

    python3 vm/abi/make_text_tables.py /usr/share/unicode > vm/abi/text_tables.inc

With `--test` it writes a sample of NormalizationTest.txt instead, for tests/vm/abi/normalization_sample.txt.

The version is part of the agreement of compiler and machine: nodes with other tables may disagree about a text.
"""
import bz2
import pathlib
import re
import sys

VERSION = "15.0.0"
NOTICE = "© 2022 Unicode®, Inc. For terms of use, see https://www.unicode.org/terms_of_use.html"


def lines(path):
    for line in path.read_text(encoding="utf-8").splitlines():
        line = line.split("#")[0].strip()
        if line:
            yield [part.strip() for part in line.split(";")]


def code_range(text):
    first, _, last = text.partition("..")
    return range(int(first, 16), int(last or first, 16) + 1)


def tables(folder):
    assert VERSION in (folder / "DerivedNormalizationProps.txt").read_text(encoding="utf-8")
    classes = {}
    decompositions = {}
    for fields in lines(folder / "UnicodeData.txt"):
        code = int(fields[0], 16)
        if fields[3] != "0":
            classes[code] = int(fields[3])
        if fields[5] and not fields[5].startswith("<"):
            decompositions[code] = [int(part, 16) for part in fields[5].split()]
    quick = {}
    excluded = set()
    for fields in lines(folder / "DerivedNormalizationProps.txt"):
        if fields[1] == "NFC_QC":
            quick.update((code, fields[2]) for code in code_range(fields[0]))
        elif fields[1] == "Full_Composition_Exclusion":
            excluded.update(code_range(fields[0]))

    print(f"// Made by make_text_tables.py from Unicode {VERSION}. {NOTICE}")
    print("// Every code point that is not a starter with NFC_Quick_Check=Yes: first, last, class, that property.")
    rows = []
    for code in sorted(classes.keys() | quick.keys()):
        kind = (classes.get(code, 0), {"N": "no", "M": "maybe"}.get(quick.get(code), "yes"))
        if rows and rows[-1][1] + 1 == code and rows[-1][2] == kind:
            rows[-1][1] = code
        else:
            rows.append([code, code, kind])
    for first, last, (combining_class, verdict) in rows:
        print(f"AQD_RUN(0x{first:05X}, 0x{last:05X}, {combining_class}, {verdict})")
    print("// Every pair that composes, ascending: first, second, composite. Hangul syllables are computed.")
    pairs = [(*parts, code) for code, parts in decompositions.items() if code not in excluded]
    for first, second, composite in sorted(pairs):
        print(f"AQD_PAIR(0x{first:05X}, 0x{second:05X}, 0x{composite:05X})")


def sample(folder):
    text = bz2.decompress((folder / "NormalizationTest.txt.bz2").read_bytes()).decode()
    assert VERSION in text
    print(f"# A sample of NormalizationTest-{VERSION}.txt: source; NFC; NFD. {NOTICE}")
    number = 0
    for line in text.splitlines():
        if not re.match("[0-9A-F]", line):
            continue
        number += 1
        source, composed, decomposed = line.split(";")[:3]
        first = int(source.split()[0], 16)
        wanted = first < 0x700 or 0x1100 <= first < 0x1200 or 0x1E00 <= first < 0x2000
        if number % 37 == 0 or (wanted and number % 5 == 0):
            print(f"{source};{composed};{decomposed}")


folder = pathlib.Path(sys.argv[-1])
sample(folder) if "--test" in sys.argv else tables(folder)
