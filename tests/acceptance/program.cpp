#include "tests/acceptance/program.h"

#include <aqd/base/assert.h>

#include <array>
#include <csignal>
#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

namespace aqd::acceptance {
namespace {

pid_t start(const std::vector<std::string>& arguments, int output) {
    std::vector<std::string> words = {AQD_PROGRAM};
    words.insert(words.end(), arguments.begin(), arguments.end());
    std::vector<char*> pointers;
    pointers.reserve(words.size() + 1);
    for (std::string& word : words) {
        pointers.push_back(word.data());
    }
    pointers.push_back(nullptr);
    const pid_t pid = fork();
    AQD_ASSERT(pid >= 0);
    if (pid == 0) {
        dup2(output, STDOUT_FILENO);
        dup2(output, STDERR_FILENO);
        execv(pointers[0], pointers.data());
        _exit(127);
    }
    return pid;
}

}  // namespace

Ended run_aqd(const std::vector<std::string>& arguments) {
    std::array<int, 2> ends{};
    AQD_ASSERT(pipe2(ends.data(), O_CLOEXEC) == 0);
    const pid_t pid = start(arguments, ends[1]);
    close(ends[1]);
    Ended ended;
    std::array<char, 4096> buffer{};
    for (ssize_t count = read(ends[0], buffer.data(), buffer.size()); count > 0;
         count = read(ends[0], buffer.data(), buffer.size())) {
        ended.output.append(buffer.data(), static_cast<std::size_t>(count));
    }
    close(ends[0]);
    int status = 0;
    waitpid(pid, &status, 0);
    ended.exit = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    return ended;
}

pid_t start_aqd(const std::vector<std::string>& arguments) {
    const int nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC);
    const pid_t pid = start(arguments, nowhere);
    close(nowhere);
    return pid;
}

bool kill_hard(pid_t pid) {
    kill(pid, SIGKILL);
    int status = 0;
    waitpid(pid, &status, 0);
    return WIFSIGNALED(status);
}

Folder::Folder(const std::string& name)
    : path_(std::filesystem::path(AQD_PLAYED).parent_path() / ("test_" + name)) {
    std::filesystem::remove_all(path_);
    std::filesystem::create_directories(path_);
}

Folder::~Folder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
}

}  // namespace aqd::acceptance
