#pragma once

#include <filesystem>
#include <string>
#include <sys/types.h>
#include <vector>

namespace aqd::acceptance {

/// How a run of a program ended.
struct Ended {
    int exit = -1;       ///< exit code; -1 if a signal ended it
    std::string output;  ///< of both streams
};

/// Runs `aqd` with these arguments to its end.
Ended run_aqd(const std::vector<std::string>& arguments);

/// Starts `aqd` and leaves it alone; the caller ends it with `kill_hard`.
pid_t start_aqd(const std::vector<std::string>& arguments);
/// SIGKILL, and waits. True if the program was still running.
bool kill_hard(pid_t pid);

/// A new empty folder of this test program, removed with the object.
class Folder {
  public:
    explicit Folder(const std::string& name);
    ~Folder();
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;
    Folder(Folder&&) = delete;
    Folder& operator=(Folder&&) = delete;

    [[nodiscard]] const std::filesystem::path& path() const { return path_; }
    [[nodiscard]] std::filesystem::path operator/(const std::string& name) const {
        return path_ / name;
    }

  private:
    std::filesystem::path path_;
};

}  // namespace aqd::acceptance
