// Products and powers of matrices modulo a prime.
#include "kernel.h"

enum { order = 32 };
static const uint32_t prime = 998244353;
typedef uint32_t Matrix[order][order];

NOINLINE static void multiply(Matrix product, Matrix x, Matrix y) {
    for (int i = 0; i < order; ++i) {
        for (int j = 0; j < order; ++j) {
            uint64_t sum = 0;
            for (int k = 0; k < order; ++k) {
                sum += (uint64_t)x[i][k] * y[k][j] % prime;
            }
            product[i][j] = (uint32_t)(sum % prime);
        }
    }
}

NOINLINE static void transpose(Matrix x) {
    for (int i = 0; i < order; ++i) {
        for (int j = 0; j < i; ++j) {
            const uint32_t kept = x[i][j];
            x[i][j] = x[j][i];
            x[j][i] = kept;
        }
    }
}

/// By Gauss's elimination; destroys the matrix.
NOINLINE static uint32_t determinant(Matrix x) {
    uint64_t result = 1;
    for (int column = 0; column < order; ++column) {
        int pivot = column;
        while (pivot < order && x[pivot][column] == 0) {
            ++pivot;
        }
        if (pivot == order) {
            return 0;
        }
        if (pivot != column) {
            for (int k = 0; k < order; ++k) {
                const uint32_t kept = x[pivot][k];
                x[pivot][k] = x[column][k];
                x[column][k] = kept;
            }
            result = prime - result;
        }
        const uint64_t head = x[column][column];
        result = result * head % prime;
        uint64_t inverse = 1;
        uint64_t base = head;
        for (uint32_t exponent = prime - 2; exponent != 0; exponent >>= 1) {
            if (exponent & 1) {
                inverse = inverse * base % prime;
            }
            base = base * base % prime;
        }
        for (int row = column + 1; row < order; ++row) {
            const uint64_t factor = x[row][column] * inverse % prime;
            for (int k = column; k < order; ++k) {
                x[row][k] = (uint32_t)((x[row][k] + (prime - factor) * x[column][k]) % prime);
            }
        }
    }
    return (uint32_t)result;
}

static Matrix left, right, product;

EXPORT(run) uint64_t run(uint32_t n) {
    uint64_t seed = 998244353;
    uint64_t sum = 0;
    for (int i = 0; i < order; ++i) {
        for (int j = 0; j < order; ++j) {
            left[i][j] = draw(&seed) % prime;
            right[i][j] = draw(&seed) % prime;
        }
    }
    for (uint32_t round = 0; round < n; ++round) {
        multiply(product, left, right);
        transpose(right);
        multiply(left, right, product);
        sum = mix(sum, determinant(product));
        sum = mix(sum, left[round % order][3]);
    }
    return sum;
}
