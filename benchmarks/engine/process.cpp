#include "benchmarks/engine/process.h"

#include <array>
#include <cstdlib>
#include <filesystem>
#include <poll.h>
#include <spawn.h>
#include <sstream>
#include <string_view>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

namespace aqd::benchmarks {
namespace {

using Clock = std::chrono::steady_clock;

struct Pipe {
    std::array<int, 2> ends{-1, -1};

    Pipe() = default;
    Pipe(const Pipe&) = delete;
    Pipe& operator=(const Pipe&) = delete;
    ~Pipe() {
        close_end(0);
        close_end(1);
    }
    void close_end(std::size_t end) {
        if (ends[end] >= 0) {
            ::close(ends[end]);
            ends[end] = -1;
        }
    }
};

std::chrono::nanoseconds time_of(const timeval& value) {
    return std::chrono::seconds{value.tv_sec} + std::chrono::microseconds{value.tv_usec};
}

/// Appends what is there; false at the end.
bool drain(int descriptor, std::string& to) {
    std::array<char, 4096> buffer{};
    const ssize_t count = ::read(descriptor, buffer.data(), buffer.size());
    if (count > 0) {
        to.append(buffer.data(), static_cast<std::size_t>(count));
    }
    return count > 0;
}

/// Reads both pipes to their ends; false if that takes too long.
bool collect(Pipe& output, Pipe& errors, Finished& finished, Clock::time_point end) {
    std::array<pollfd, 2> watched{pollfd{output.ends[0], POLLIN, 0},
                                  pollfd{errors.ends[0], POLLIN, 0}};
    const std::array<std::string*, 2> texts{&finished.output, &finished.errors};
    while (watched[0].fd >= 0 || watched[1].fd >= 0) {
        const auto left =
            std::chrono::duration_cast<std::chrono::milliseconds>(end - Clock::now()).count();
        if (left <= 0 || ::poll(watched.data(), watched.size(), static_cast<int>(left)) < 0) {
            return false;
        }
        for (std::size_t i = 0; i < watched.size(); ++i) {
            if (watched[i].revents != 0 && !drain(watched[i].fd, *texts[i])) {
                watched[i].fd = -1;
            }
        }
    }
    return true;
}

}  // namespace

Result<Finished> run_program(const std::vector<std::string>& words, std::chrono::seconds longest) {
    Pipe output;
    Pipe errors;
    if (::pipe(output.ends.data()) != 0 || ::pipe(errors.ends.data()) != 0) {
        return fail(ErrorCode::io, "no pipe");
    }
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, output.ends[1], STDOUT_FILENO);
    posix_spawn_file_actions_adddup2(&actions, errors.ends[1], STDERR_FILENO);
    for (const Pipe* pipe : {&output, &errors}) {
        posix_spawn_file_actions_addclose(&actions, pipe->ends[0]);
        posix_spawn_file_actions_addclose(&actions, pipe->ends[1]);
    }
    std::vector<std::string> copies = words;
    std::vector<char*> pointers;
    pointers.reserve(copies.size() + 1);
    for (std::string& word : copies) {
        pointers.push_back(word.data());
    }
    pointers.push_back(nullptr);
    pid_t child = 0;
    const int started =
        ::posix_spawnp(&child, copies[0].c_str(), &actions, nullptr, pointers.data(), environ);
    posix_spawn_file_actions_destroy(&actions);
    if (started != 0) {
        return fail(ErrorCode::io, "cannot start " + words[0]);
    }
    output.close_end(1);
    errors.close_end(1);
    Finished finished;
    const bool ended = collect(output, errors, finished, Clock::now() + longest);
    if (!ended) {
        ::kill(child, SIGKILL);
    }
    int status = 0;
    rusage usage{};
    if (::wait4(child, &status, 0, &usage) != child) {
        return fail(ErrorCode::io, "cannot wait for " + words[0]);
    }
    if (!ended) {
        return fail(ErrorCode::io, words[0] + " takes too long");
    }
    finished.status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    finished.processor = time_of(usage.ru_utime) + time_of(usage.ru_stime);
    return finished;
}

std::optional<std::string> find_program(const std::string& name) {
    const char* const path = std::getenv("PATH");  // NOLINT(concurrency-mt-unsafe): one thread
    std::istringstream folders(path == nullptr ? "" : path);
    std::string folder;
    while (std::getline(folders, folder, ':')) {
        std::string candidate = folder + '/' + name;
        if (std::filesystem::is_regular_file(candidate) && ::access(candidate.c_str(), X_OK) == 0) {
            return candidate;
        }
    }
    return std::nullopt;
}

}  // namespace aqd::benchmarks
