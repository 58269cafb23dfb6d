"""wasmtime_peer.py BATCH: carries out the calls of a batch of modules; the format is told in peers.h."""

import ctypes
import json
import struct
import sys
import zlib

import wasmtime
from wasmtime import FuncType, ValType


class HostRefusal(Exception):
    pass


def engine():
    config = wasmtime.Config()
    config.cranelift_opt_level = "none" if "--fast" in sys.argv else "speed"
    for feature in ("memory64", "multi_memory", "tail_call", "function_references", "reference_types", "bulk_memory"):
        setattr(config, "wasm_" + feature, True)
    return wasmtime.Engine(config)


def argument(text):
    value = int(text[1:], 16)
    kind = text[0]
    if kind == "i":
        return value - (value >> 31 << 32)
    if kind == "I":
        return value - (value >> 63 << 64)
    if kind == "f":
        return struct.unpack("<f", struct.pack("<I", value))[0]
    if kind == "F":
        return struct.unpack("<d", struct.pack("<Q", value))[0]
    return value or None


def shown(kind, value):
    if isinstance(value, wasmtime.Val):
        value = value.value
    if kind == "i":
        return "%x" % (value & 0xFFFFFFFF)
    if kind == "I":
        return "%x" % (value & 0xFFFFFFFFFFFFFFFF)
    if kind in "fF":
        if value != value:
            return "nan"
        if kind == "f":
            return "%x" % struct.unpack("<I", struct.pack("<f", value))[0]
        return "%x" % struct.unpack("<Q", struct.pack("<d", value))[0]
    if kind == "e":
        return "%x" % (value or 0)
    return "0" if value is None else "1"


WORDS = {
    "UNREACHABLE": "unreachable",
    "MEMORY_OUT_OF_BOUNDS": "memory",
    "INTEGER_DIVISION_BY_ZERO": "divide",
    "INTEGER_OVERFLOW": "overflow",
    "BAD_CONVERSION_TO_INTEGER": "float",
    "BAD_SIGNATURE": "indirect",
    "INDIRECT_CALL_TO_NULL": "indirect",
    "TABLE_OUT_OF_BOUNDS": "table",
    "NULL_REFERENCE": "null",
    "STACK_OVERFLOW": "stack",
}


def trap(error):
    if isinstance(error, HostRefusal):
        return "trap:host"
    code = getattr(error, "trap_code", None)
    return "trap:" + (WORDS.get(code.name, code.name) if code is not None else "other " + str(error))


class Machine:
    def __init__(self):
        self.engine = engine()
        self.linker = wasmtime.Linker(self.engine)
        self.notes = 0
        i32, i64, f32, f64 = ValType.i32(), ValType.i64(), ValType.f32(), ValType.f64()
        self.linker.define_func("env", "note", FuncType([i32], []), self.note, access_caller=True)
        self.linker.define_func("env", "mix", FuncType([i64, i32], [i64]), self.mix)
        for name, kind in (("i32", i32), ("i64", i64), ("f32", f32), ("f64", f64)):
            self.linker.define_func("fuzzing-support", "log-" + name, FuncType([kind], []), self.log)

    def log(self, _):
        self.notes += 1

    def mix(self, a, b):
        self.notes += 1
        sum_of_both = (a * 3 + (b & 0xFFFFFFFF)) & 0xFFFFFFFFFFFFFFFF
        return sum_of_both - (sum_of_both >> 63 << 64)

    def note(self, caller, x):
        self.notes += 2
        if x == -1:
            raise HostRefusal()
        memory = caller["m0"]
        at = x & 0xFFFF
        if at + 4 <= memory.data_len(caller):
            memory.data_ptr(caller)[at] = self.notes & 255

    def run(self, job):
        self.notes = 0
        store = wasmtime.Store(self.engine)
        try:
            module = wasmtime.Module(self.engine, bytes.fromhex(job["wasm"]))
        except wasmtime.WasmtimeError as error:
            return ["refused " + str(error)]
        try:
            exports = self.linker.instantiate(store, module).exports(store)
        except (wasmtime.Trap, HostRefusal) as error:
            return [trap(error)]
        except wasmtime.WasmtimeError as error:
            return ["refused " + str(error)]
        memory = next((exports[name] for name in ("m0", "memory") if name in exports), None)

        def seen(text):
            octets = 0
            if memory is not None:
                size = memory.data_len(store)
                address = ctypes.addressof(memory.data_ptr(store).contents)
                octets = zlib.crc32((ctypes.c_ubyte * size).from_address(address))
            values = [shown(kind, exports[name].value(store)) for name, kind in job["globals"]]
            return text + " ; %x " % octets + " ".join(values)

        answers = [seen("ok")]
        for name, parameters, kinds in job["calls"]:
            try:
                result = exports[name](store, *map(argument, parameters))
                results = [result] if len(kinds) == 1 else result or []
                text = " ".join(["ok"] + [shown(kind, value) for kind, value in zip(kinds, results)])
            except (wasmtime.Trap, HostRefusal) as error:
                text = trap(error)
            answers.append(seen(text))
        return answers


def main():
    machine = Machine()
    with open(sys.argv[1], encoding="utf-8") as batch:
        for line in batch:
            print(json.dumps(machine.run(json.loads(line))))


if __name__ == "__main__":
    main()
