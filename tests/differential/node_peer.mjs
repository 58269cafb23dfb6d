// node_peer.mjs BATCH: carries out the calls of a batch of modules; the format is told in peers.h.
import { readFileSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import { crc32 } from 'node:zlib';

for (const flag of ['memory64', 'extended-const']) {
    setFlagsFromString('--experimental-wasm-' + flag);
}

const bits = new DataView(new ArrayBuffer(8));
const mask64 = (1n << 64n) - 1n;

class HostRefusal extends Error {}

function argument(text) {
    const value = BigInt('0x' + text.slice(1));
    switch (text[0]) {
        case 'i': return Number(BigInt.asIntN(32, value));
        case 'I': return BigInt.asIntN(64, value);
        case 'f': bits.setUint32(0, Number(value)); return bits.getFloat32(0);
        case 'F': bits.setBigUint64(0, value); return bits.getFloat64(0);
        default: return value === 0n ? null : value;
    }
}

function shown(letter, value) {
    switch (letter) {
        case 'i': return (value >>> 0).toString(16);
        case 'I': return (value & mask64).toString(16);
        case 'f':
            if (Number.isNaN(value)) return 'nan';
            bits.setFloat32(0, value);
            return bits.getUint32(0).toString(16);
        case 'F':
            if (Number.isNaN(value)) return 'nan';
            bits.setFloat64(0, value);
            return bits.getBigUint64(0).toString(16);
        case 'e': return value === null ? '0' : value.toString(16);
        default: return value === null ? '0' : '1';
    }
}

const words = [
    ['unreachable', 'unreachable'],
    ['memory access out of bounds', 'memory'],
    ['data segment', 'memory'],
    ['divide by zero', 'divide'],
    ['remainder by zero', 'divide'],
    ['divide result unrepresentable', 'overflow'],
    ['float unrepresentable in integer range', 'float'],
    ['null function or function signature mismatch', 'indirect'],
    ['function signature mismatch', 'indirect'],
    ['table index is out of bounds', 'table'],
    ['table access out of bounds', 'table'],
    ['table or', 'table'],
    ['element segment', 'table'],
    ['null pointer', 'null'],
    ['Maximum call stack', 'stack'],
];

function trap(error) {
    if (error instanceof HostRefusal) return 'trap:host';
    const message = String(error.message);
    const known = words.find(([part]) => message.includes(part));
    return 'trap:' + (known ? known[1] : 'other ' + message);
}

function run({ wasm, calls, globals }) {
    let notes = 0;
    let instance;
    const memory = () => instance?.exports.m0 ?? instance?.exports.memory;
    const imports = {
        env: {
            note(x) {
                notes += 2;
                if (x === -1) throw new HostRefusal();
                const at = x & 0xffff;
                const buffer = memory().buffer;
                if (at + 4 <= buffer.byteLength) new Uint8Array(buffer)[at] = notes;
            },
            mix(a, b) {
                ++notes;
                return BigInt.asIntN(64, a * 3n + BigInt(b >>> 0));
            },
        },
        'fuzzing-support': {
            'log-i32'() { ++notes; }, 'log-i64'() { ++notes; },
            'log-f32'() { ++notes; }, 'log-f64'() { ++notes; },
        },
    };
    let module;
    try {
        module = new WebAssembly.Module(Buffer.from(wasm, 'hex'));
    } catch (error) {
        return ['refused ' + error.message];
    }
    try {
        instance = new WebAssembly.Instance(module, imports);
    } catch (error) {
        return [error instanceof WebAssembly.RuntimeError || error instanceof HostRefusal ? trap(error) : 'refused ' + error.message];
    }
    const seen = (text) => {
        const values = globals.map(([name, letter]) => shown(letter, instance.exports[name].value));
        const octets = memory() ? crc32(new Uint8Array(memory().buffer)).toString(16) : '0';
        return text + ' ; ' + octets + ' ' + values.join(' ');
    };
    const answers = [seen('ok')];
    for (const [name, parameters, letters] of calls) {
        let text = 'ok';
        try {
            const result = instance.exports[name](...parameters.map(argument));
            const results = letters.length === 0 ? [] : letters.length === 1 ? [result] : result;
            [...letters].forEach((letter, i) => { text += ' ' + shown(letter, results[i]); });
        } catch (error) {
            text = trap(error);
        }
        answers.push(seen(text));
    }
    return answers;
}

for (const line of readFileSync(process.argv[2], 'utf8').split('\n')) {
    if (line !== '') console.log(JSON.stringify(run(JSON.parse(line))));
}
