#pragma once

#include <cstdio>
#include <cstdlib>

/// A bug of ours, never of an input: always on, in every build type.
#define AQD_ASSERT(condition)                                                                      \
    do {                                                                                           \
        if (!(condition)) [[unlikely]] {                                                           \
            std::fprintf(stderr, "%s:%d: broken invariant: %s\n", __FILE__, __LINE__, #condition); \
            std::abort();                                                                          \
        }                                                                                          \
    } while (false)
