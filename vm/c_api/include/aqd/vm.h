/* The machine for programs in C, and for every language that can call C.
 *
 * Every function returns a status and never throws, aborts or prints; what it makes goes out
 * through its last pointers but one. The last parameter, `message`, may be null; else it receives
 * words for people when the status is not AQD_OK. Every structure begins with its own size: set
 * `struct_size` to `sizeof` of the type; a smaller one than this header's is AQD_BAD_ARGUMENT, and
 * so is a null pointer where nothing says that it may be null. Output handles are set to null on
 * failure. Octets and names are only read during the call; buffers belong to the caller.
 *
 * Threads: what "any thread" is said of may be called at any time from any number of threads with
 * the same handle. An instance belongs to one thread at a time: it may move between threads, but
 * two calls with the same instance must not overlap. A handle may be destroyed once no call with it
 * is under way; what was made from it lives on by itself. */
#ifndef AQD_VM_H
#define AQD_VM_H

/* NOLINTBEGIN(readability-identifier-naming,modernize-*)
 */
#include <stddef.h>
#include <stdint.h>

/* Rises when something that this header promised changes; additions at the end of structures do not
 * count. */
#define AQD_ABI_VERSION 1

#if defined(__GNUC__)
#define AQD_API __attribute__((visibility("default")))
#else
#define AQD_API
#endif

#ifdef __cplusplus
extern "C" {
#endif

typedef int32_t aqd_status;
enum {
    AQD_OK = 0,
    AQD_MALFORMED = 1,     /* the octets do not follow the format */
    AQD_NON_CANONICAL = 2, /* they do, but not in the one permitted spelling */
    AQD_INVALID = 3,       /* well formed, but it breaks a rule */
    AQD_TOO_LARGE = 4,     /* over a limit, or beyond the end of a memory */
    AQD_NOT_FOUND = 5,
    AQD_CONFLICT = 6, /* the instance is running, or its reset failed */
    AQD_DENIED = 7,
    AQD_UNSUPPORTED = 8,
    AQD_CORRUPT = 9,            /* a state contradicts itself */
    AQD_IO = 10,                /* the operating system or the host's state said no */
    AQD_BAD_ARGUMENT = 100,     /* a null pointer, or a structure that is too small */
    AQD_BUFFER_TOO_SMALL = 101, /* nothing happened; the size that is needed was set */
    AQD_NO_MEMORY = 102,
    AQD_INTERNAL = 103 /* a fault of this library or of a callback */
};

/* Why a run ended early. These numbers never change. */
typedef int32_t aqd_trap;
enum {
    AQD_TRAP_NONE = 0,
    AQD_TRAP_UNREACHABLE = 1,
    AQD_TRAP_OUT_OF_GAS = 2,
    AQD_TRAP_MEMORY_OUT_OF_BOUNDS = 3,
    AQD_TRAP_INTEGER_DIVIDE_BY_ZERO = 4,
    AQD_TRAP_INTEGER_OVERFLOW = 5,
    AQD_TRAP_INDIRECT_CALL_TYPE = 6,
    AQD_TRAP_UNDEFINED_ELEMENT = 7,
    AQD_TRAP_UNINITIALIZED_ELEMENT = 8,
    AQD_TRAP_STACK_EXHAUSTED = 9,
    AQD_TRAP_TABLE_OUT_OF_BOUNDS = 10,
    AQD_TRAP_INVALID_CONVERSION = 11,
    AQD_TRAP_HOST_REFUSAL = 12,
    AQD_TRAP_HOST_FAULT = 13,
    AQD_TRAP_NULL_REFERENCE = 14
};

/* Types of values, as in the binary format. Every value is a word of 64 bits: an i32 or the bits of
 * an f32 are its lower half, with zeroes above on the way out. */
typedef uint8_t aqd_type;
enum {
    AQD_VOID = 0,
    AQD_I32 = 0x7f,
    AQD_I64 = 0x7e,
    AQD_F32 = 0x7d,
    AQD_F64 = 0x7c,
    AQD_REFERENCE =
        0x70 /* of any kind: cannot be passed in; a word that comes out means nothing outside */
};

/* Words for people, in UTF-8, ended by a zero and cut to the capacity. */
typedef struct aqd_message {
    size_t struct_size;
    char* text;      /* may be null if the capacity is 0 */
    size_t capacity; /* with the zero */
    size_t length;   /* of the whole message, without the zero; set by every call */
} aqd_message;

/* "0.1.0"; any thread. */
AQD_API const char* aqd_version(void);
/* AQD_ABI_VERSION of the library that runs: compare it with the one you were compiled with. Any
 * thread. */
AQD_API uint32_t aqd_abi_version(void);
/* "out_of_gas" and so on, "?" for other numbers; any thread. */
AQD_API const char* aqd_trap_name(aqd_trap trap);
AQD_API const char* aqd_status_name(aqd_status status);

/* ---- engine
 * -------------------------------------------------------------------------------------------------------------
 */

typedef struct aqd_engine aqd_engine;

enum {
    AQD_FEATURE_FLOATS = 1,
    AQD_FEATURE_REFERENCES = 2,
    AQD_FEATURE_TAIL_CALLS = 4,
    AQD_FEATURE_TYPED_REFERENCES = 8,
    AQD_FEATURE_EXTENDED_CONSTANTS = 16,
    AQD_FEATURE_MULTI_MEMORY = 32,
    AQD_FEATURE_MEMORY64 = 64
};

/* What modules may be. `aqd_options_init` fills it with generous bounds,
 * `aqd_options_init_contracts` with those of contracts; then change what you like. */
typedef struct aqd_options {
    size_t struct_size;
    uint32_t gas_schedule;
    uint32_t features; /* sum of AQD_FEATURE_… */
    uint32_t module_bytes;
    uint32_t function_body_bytes;
    uint32_t functions;
    uint32_t types;
    uint32_t imports;
    uint32_t exports;
    uint32_t globals;
    uint32_t tables;
    uint32_t table_elements;
    uint32_t element_segments;
    uint32_t data_segments;
    uint32_t parameters;
    uint32_t results;
    uint32_t locals;
    uint32_t all_locals; /* of all functions together */
    uint32_t branch_table_labels;
    uint32_t nesting;
    uint32_t memory_pages; /* of 64 KiB */
} aqd_options;

/* `struct_size` has to be set before. Any thread. */
AQD_API aqd_status aqd_options_init(aqd_options* options);
AQD_API aqd_status aqd_options_init_contracts(aqd_options* options);

/* `options` may be null. Any thread. */
AQD_API aqd_status aqd_engine_create(const aqd_options* options, aqd_engine** engine,
                                     aqd_message* message);
/* Null is no error, here and in every other `destroy`. */
AQD_API void aqd_engine_destroy(aqd_engine* engine);

/* ---- host functions
 * -----------------------------------------------------------------------------------------------------
 */

typedef struct aqd_host_functions aqd_host_functions;
/* One call of a host function; valid only while it runs. */
typedef struct aqd_host_call aqd_host_call;

/* Returns AQD_TRAP_NONE, or the trap that ends the call. `result` is 0 at first, and ignored
 * without a result type. Runs in the thread of the call, so perhaps in several at once. It must not
 * call the instance that it serves (AQD_CONFLICT); another one is fine. */
typedef aqd_trap (*aqd_host_callback)(void* user_data, aqd_host_call* call,
                                      const uint64_t* arguments, uint64_t* result);

typedef struct aqd_host_function {
    size_t struct_size;
    const char* module;
    const char* name;
    const aqd_type* parameters; /* may be null if there are none */
    size_t parameter_count;
    aqd_type result; /* AQD_VOID: none */
    uint32_t gas;    /* charged before each call */
    aqd_host_callback callback;
    void* user_data;
    /* May be null. Called once, with the user data, when neither the list nor a module made with it
     * is left, or when adding fails. */
    void (*destroy)(void* user_data);
} aqd_host_function;

/* A list belongs to one thread at a time. Modules keep what they use of it. */
AQD_API aqd_status aqd_host_functions_create(aqd_host_functions** functions, aqd_message* message);
/* A second function of the same name replaces the first. */
AQD_API aqd_status aqd_host_functions_add(aqd_host_functions* functions,
                                          const aqd_host_function* function, aqd_message* message);
AQD_API void aqd_host_functions_destroy(aqd_host_functions* functions);

/* For callbacks, in their own thread. Memory: AQD_TOO_LARGE unless all of it is inside; the
 * callback should then return AQD_TRAP_MEMORY_OUT_OF_BOUNDS. */
AQD_API aqd_status aqd_host_call_memory(aqd_host_call* call, uint64_t address, uint64_t size,
                                        uint8_t** octets);
/* Pays before work whose cost depends on a size. AQD_TOO_LARGE: the gas does not suffice, and the
 * call will end out of gas. */
AQD_API aqd_status aqd_host_call_charge(aqd_host_call* call, uint64_t gas);
AQD_API uint64_t aqd_host_call_gas_left(const aqd_host_call* call);
/* `aqd_call_options.host` of the call that is under way. */
AQD_API void* aqd_host_call_host(const aqd_host_call* call);
/* `return aqd_host_call_refuse(call, "no such account");` */
AQD_API aqd_trap aqd_host_call_refuse(aqd_host_call* call, const char* words);

/* ---- modules
 * ------------------------------------------------------------------------------------------------------------
 */

typedef struct aqd_module aqd_module;

/* Decodes, validates, translates and binds. `functions` may be null. Any thread. */
AQD_API aqd_status aqd_module_compile(const aqd_engine* engine, const uint8_t* wasm,
                                      size_t wasm_size, const aqd_host_functions* functions,
                                      aqd_module** module, aqd_message* message);
AQD_API void aqd_module_destroy(aqd_module* module);
/* How many functions it exports. Any thread. */
AQD_API aqd_status aqd_module_function_count(const aqd_module* module, size_t* count,
                                             aqd_message* message);
/* The name of one of them, in bytewise order, ended by a zero. `length` is set without the zero,
 * also if the buffer is too small; `name` may be null if `capacity` is 0. Any thread. */
AQD_API aqd_status aqd_module_function_name(const aqd_module* module, size_t index, char* name,
                                            size_t capacity, size_t* length, aqd_message* message);
/* The type of an exported function. Both counts are set, also if a buffer is too small; buffers may
 * be null if their capacity is 0. Any thread. */
AQD_API aqd_status aqd_module_function_type(const aqd_module* module, const char* function,
                                            aqd_type* parameters, size_t parameter_capacity,
                                            size_t* parameter_count, aqd_type* results,
                                            size_t result_capacity, size_t* result_count,
                                            aqd_message* message);

/* ---- instances
 * ----------------------------------------------------------------------------------------------------------
 */

typedef struct aqd_instance aqd_instance;
typedef struct aqd_pool aqd_pool;

typedef struct aqd_call_options {
    size_t struct_size;
    uint64_t gas_limit; /* UINT64_MAX: none in practice */
    void* host;         /* for aqd_host_call_host */
} aqd_call_options;

/* How a call ended. `message` then has what a host function said, if it ended the call. */
typedef struct aqd_outcome {
    size_t struct_size;
    aqd_trap trap;
    uint64_t gas_used;   /* exact on every path; the whole limit after AQD_TRAP_OUT_OF_GAS */
    size_t result_count; /* 0 after a trap; what the function has, with AQD_BUFFER_TOO_SMALL */
    int32_t has_place;   /* of a trap: the members below are known */
    uint32_t function_index;
    uint32_t code_offset; /* in the module file */
    uint32_t line;        /* 0: the module has no line table */
    uint32_t column;
    char* file; /* set it to a buffer of yours, or to null; receives the source file's name, cut to
                   the capacity */
    size_t file_capacity;
    size_t file_length;
} aqd_outcome;

/* A fresh instance, segments applied and the start function run. `options` may be null: no limit in
 * practice. AQD_INVALID if it traps. Any thread. */
AQD_API aqd_status aqd_instance_create(const aqd_module* module, const aqd_call_options* options,
                                       aqd_instance** instance, aqd_message* message);
/* Back to its pool, if it is from one. AQD_CONFLICT, and nothing happens, while it is running. */
AQD_API aqd_status aqd_instance_destroy(aqd_instance* instance);
/* AQD_OK means that the function ran: `outcome->trap` says how it ended. Any other status means
 * that nothing ran, or, for AQD_INTERNAL and AQD_NO_MEMORY, that its end is unknown. `options` and
 * `outcome->file` may be null; `arguments` and `results` too, if their count is 0. */
AQD_API aqd_status aqd_instance_call(aqd_instance* instance, const char* function,
                                     const uint64_t* arguments, size_t argument_count,
                                     uint64_t* results, size_t result_capacity,
                                     const aqd_call_options* options, aqd_outcome* outcome,
                                     aqd_message* message);
/* Back to a fresh instance. */
AQD_API aqd_status aqd_instance_reset(aqd_instance* instance, const aqd_call_options* options,
                                      aqd_message* message);
/* The first memory where it is: valid until the instance is called, reset or destroyed. Size 0
 * without one. */
AQD_API aqd_status aqd_instance_memory(aqd_instance* instance, uint8_t** octets, size_t* size,
                                       aqd_message* message);
/* Copies; AQD_TOO_LARGE beyond the end. Pointers may be null if `size` is 0. */
AQD_API aqd_status aqd_instance_read(aqd_instance* instance, uint64_t address, uint8_t* octets,
                                     size_t size, aqd_message* message);
AQD_API aqd_status aqd_instance_write(aqd_instance* instance, uint64_t address,
                                      const uint8_t* octets, size_t size, aqd_message* message);
/* The value of an exported global; `type` may be null. */
AQD_API aqd_status aqd_instance_global(aqd_instance* instance, const char* name, uint64_t* value,
                                       aqd_type* type, aqd_message* message);

/* Instances of one module that wait to be used again, at most so many. */
AQD_API aqd_status aqd_pool_create(const aqd_module* module, size_t most_idle, aqd_pool** pool,
                                   aqd_message* message);
/* A fresh instance, as from `aqd_instance_create`. Any thread; `aqd_instance_destroy` gives it
 * back, from any thread, also after the pool was destroyed. */
AQD_API aqd_status aqd_pool_take(aqd_pool* pool, const aqd_call_options* options,
                                 aqd_instance** instance, aqd_message* message);
AQD_API void aqd_pool_destroy(aqd_pool* pool);

/* ---- states
 * -------------------------------------------------------------------------------------------------------------
 */

/* Where a callback puts what it found; valid only while it runs. The octets are copied. */
typedef struct aqd_row_sink aqd_row_sink;
AQD_API void aqd_row_sink_put(aqd_row_sink* sink, const uint8_t* key, size_t key_size,
                              const uint8_t* value, size_t value_size);

/* The state that contracts read, given by its host. Both callbacks return AQD_OK after they put a
 * row, AQD_NOT_FOUND if there is none, and anything else if they cannot say, which ends the run.
 * They are called in the thread of the run: a state that several runs share must allow that. */
typedef struct aqd_state {
    size_t struct_size;
    void* user_data;
    /* The row with exactly this key. */
    aqd_status (*get)(void* user_data, const uint8_t* key, size_t key_size, aqd_row_sink* sink);
    /* The first row, in bytewise order, whose key begins with `prefix` and is greater than `after`.
     */
    aqd_status (*next)(void* user_data, const uint8_t* prefix, size_t prefix_size,
                       const uint8_t* after, size_t after_size, aqd_row_sink* sink);
} aqd_state;

/* What receives the effects of a run that was not refused: the write set in bytewise order of its
 * keys, then the events. Anything but AQD_OK ends the telling and is the status of the run.
 * Callbacks may be null. */
typedef struct aqd_receiver {
    size_t struct_size;
    void* user_data;
    /* `value` is null if the row is removed. */
    aqd_status (*write)(void* user_data, const uint8_t* key, size_t key_size, const uint8_t* value,
                        size_t value_size);
    /* Canonical CBOR: [kind, case or null, fields]. */
    aqd_status (*event)(void* user_data, const uint8_t* event, size_t event_size);
} aqd_receiver;

/* A state in memory. Reading is for any thread as long as nobody writes. */
typedef struct aqd_memory_state aqd_memory_state;
AQD_API aqd_status aqd_memory_state_create(aqd_memory_state** state, aqd_message* message);
AQD_API void aqd_memory_state_destroy(aqd_memory_state* state);
AQD_API aqd_status aqd_memory_state_put(aqd_memory_state* state, const uint8_t* key,
                                        size_t key_size, const uint8_t* value, size_t value_size,
                                        aqd_message* message);
/* Removing what is not there is no error. */
AQD_API aqd_status aqd_memory_state_remove(aqd_memory_state* state, const uint8_t* key,
                                           size_t key_size, aqd_message* message);
/* `size` is set to the whole size, also if the buffer is too small. AQD_NOT_FOUND. */
AQD_API aqd_status aqd_memory_state_get(const aqd_memory_state* state, const uint8_t* key,
                                        size_t key_size, uint8_t* value, size_t capacity,
                                        size_t* size, aqd_message* message);
AQD_API aqd_status aqd_memory_state_count(const aqd_memory_state* state, size_t* rows,
                                          aqd_message* message);
/* Fill in callbacks that read it, and ones that write it; good as long as the state is. */
AQD_API aqd_status aqd_memory_state_view(const aqd_memory_state* state, aqd_state* view);
AQD_API aqd_status aqd_memory_state_receiver(aqd_memory_state* state, aqd_receiver* receiver);

/* ---- contracts
 * ----------------------------------------------------------------------------------------------------------
 */

typedef struct aqd_contract_engine aqd_contract_engine;
typedef struct aqd_contract aqd_contract;

typedef struct aqd_contract_options {
    size_t struct_size;
    const uint8_t* chain;  /* 32 octets, on which the names of rows depend; null: zeroes */
    uint32_t gas_schedule; /* 0: the newest */
} aqd_contract_options;

/* `options` may be null. */
AQD_API aqd_status aqd_contract_engine_create(const aqd_contract_options* options,
                                              aqd_contract_engine** engine, aqd_message* message);
AQD_API void aqd_contract_engine_destroy(aqd_contract_engine* engine);
/* Everything that a deployment checks. Equal octets are compiled once. Any thread. */
AQD_API aqd_status aqd_contract_compile(aqd_contract_engine* engine, const uint8_t* wasm,
                                        size_t wasm_size, aqd_contract** contract,
                                        aqd_message* message);
AQD_API void aqd_contract_destroy(aqd_contract* contract);
/* What it says of itself, in CBOR (docs/abi.md). `size` is set, also if the buffer is too small.
 * Any thread. */
AQD_API aqd_status aqd_contract_manifest(const aqd_contract* contract, uint8_t* manifest,
                                         size_t capacity, size_t* size, aqd_message* message);

/* One call without a ledger around it: nobody checks signatures, and no deadline fires by itself.
 */
typedef struct aqd_contract_call {
    size_t struct_size;
    const char* entry;        /* as the manifest names it */
    const uint8_t* arguments; /* CBOR array */
    size_t argument_size;
    uint64_t gas_limit;
    const uint8_t* caller;   /* account of 20 octets; null: nobody */
    const uint8_t* case_id;  /* 20 octets; null: none */
    const uint8_t* identity; /* 32 octets, other ones for each call: ids of new cases come from it;
                                null: zeroes */
    uint64_t height;
    int64_t now; /* UTC seconds since 1970-01-01 */
    const aqd_contract* const*
        others; /* contracts that it may name; may be null if there are none */
    size_t other_count;
} aqd_contract_call;

typedef struct aqd_contract_outcome {
    size_t struct_size;
    uint32_t refusal; /* 0: it succeeded; refusals.def, or 256 and more for the contract's own */
    uint64_t gas_used;
    int32_t has_result;
    uint8_t* result; /* set it to a buffer of yours, or to null; receives one CBOR item */
    size_t result_capacity;
    size_t result_size; /* the whole size; if the buffer is too small: AQD_BUFFER_TOO_SMALL, and
                           nothing is told */
    int32_t has_place;  /* of a refusal or a trap */
    uint32_t function_index;
    uint32_t code_offset;
    uint32_t line; /* 0: unknown */
    uint32_t column;
    char* file; /* set it to a buffer of yours, or to null */
    size_t file_capacity;
    size_t file_length;
} aqd_contract_outcome;

/* Runs a call over a state that stays as it is; its effects are told to the receiver, which may be
 * null. AQD_OK means that it ran: `outcome->refusal` says how it ended, and `message` has the
 * trap's or the refusal's name. Any thread. */
AQD_API aqd_status aqd_contract_run(const aqd_contract_engine* engine, const aqd_contract* contract,
                                    const aqd_state* state, const aqd_contract_call* call,
                                    const aqd_receiver* receiver, aqd_contract_outcome* outcome,
                                    aqd_message* message);

#ifdef __cplusplus
}
#endif
/* NOLINTEND(readability-identifier-naming,modernize-*)
 */
#endif
