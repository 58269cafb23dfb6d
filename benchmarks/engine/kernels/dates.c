// The proleptic Gregorian calendar: days to dates and back, working days past holidays, due dates
// in a queue ordered as a binary heap.
#include "kernel.h"

typedef struct {
    int32_t year;
    int32_t month;
    int32_t day;
} Date;

NOINLINE static int32_t days_of(Date date) {
    const int32_t y = date.year - (date.month <= 2);
    const int32_t era = (y >= 0 ? y : y - 399) / 400;
    const int32_t year = y - era * 400;
    const int32_t month = (date.month + 9) % 12;
    const int32_t day = (153 * month + 2) / 5 + date.day - 1;
    return era * 146097 + year * 365 + year / 4 - year / 100 + day - 719468;
}

NOINLINE static Date date_of(int32_t days) {
    days += 719468;
    const int32_t era = (days >= 0 ? days : days - 146096) / 146097;
    const int32_t in_era = days - era * 146097;
    const int32_t year = (in_era - in_era / 1460 + in_era / 36524 - in_era / 146096) / 365;
    const int32_t in_year = in_era - (365 * year + year / 4 - year / 100);
    const int32_t month = (5 * in_year + 2) / 153;
    Date date;
    date.day = in_year - (153 * month + 2) / 5 + 1;
    date.month = month < 10 ? month + 3 : month - 9;
    date.year = year + era * 400 + (date.month <= 2);
    return date;
}

static int is_leap(int32_t year) {
    return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

static int32_t month_length(int32_t year, int32_t month) {
    if (month == 2) {
        return is_leap(year) ? 29 : 28;
    }
    return month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31;
}

NOINLINE static Date add_months(Date date, int32_t months) {
    const int32_t total = date.year * 12 + date.month - 1 + months;
    date.year = total / 12;
    date.month = total % 12 + 1;
    const int32_t length = month_length(date.year, date.month);
    if (date.day > length) {
        date.day = length;
    }
    return date;
}

static const uint16_t holidays[] = {101, 111, 501, 730, 814, 820, 821, 1106, 1118};

static int works(int32_t days) {
    if ((uint32_t)(days + 3) % 7 >= 5) {
        return 0;
    }
    const Date date = date_of(days);
    const int32_t key = date.month * 100 + date.day;
    int low = 0;
    int high = (int)(sizeof holidays / sizeof holidays[0]);
    while (low < high) {
        const int middle = (low + high) / 2;
        if (holidays[middle] == key) {
            return 0;
        }
        if (holidays[middle] < key) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return 1;
}

NOINLINE static int32_t add_workdays(int32_t days, uint32_t count) {
    while (count != 0) {
        ++days;
        count -= (uint32_t)works(days);
    }
    return days;
}

static int32_t heap[512];
static uint32_t size;

NOINLINE static void push(int32_t due) {
    uint32_t at = size++;
    while (at != 0 && heap[(at - 1) / 2] > due) {
        heap[at] = heap[(at - 1) / 2];
        at = (at - 1) / 2;
    }
    heap[at] = due;
}

NOINLINE static int32_t pop(void) {
    const int32_t first = heap[0];
    const int32_t last = heap[--size];
    uint32_t at = 0;
    for (;;) {
        uint32_t child = 2 * at + 1;
        if (child >= size) {
            break;
        }
        child += child + 1 < size && heap[child + 1] < heap[child];
        if (heap[child] >= last) {
            break;
        }
        heap[at] = heap[child];
        at = child;
    }
    heap[at] = last;
    return first;
}

EXPORT(run) uint64_t run(uint32_t n) {
    uint64_t seed = 1582;
    uint64_t sum = 0;
    for (uint32_t round = 0; round < n; ++round) {
        size = 0;
        for (int i = 0; i < 256; ++i) {
            const int32_t start = (int32_t)(draw(&seed) % 40000);
            const Date later = add_months(date_of(start), (int32_t)(draw(&seed) % 30));
            push(add_workdays(days_of(later), draw(&seed) % 12));
        }
        while (size != 0) {
            sum = mix(sum, (uint32_t)pop());
        }
    }
    return sum;
}
