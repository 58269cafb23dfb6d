#pragma once

#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>

namespace aqd::driver::testing {

/// A folder of sources for one test, gone with it.
class Folder {
  public:
    explicit Folder(const std::string& name)
        : path_(std::filesystem::path(AQD_BINARY_DIR) / ("driver_test_" + name)) {
        std::filesystem::remove_all(path_);
        std::filesystem::create_directories(path_);
    }
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;
    ~Folder() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }

    std::filesystem::path write(std::string_view name, std::string_view text) const {
        const std::filesystem::path file = path_ / name;
        std::filesystem::create_directories(file.parent_path());
        std::ofstream(file, std::ios::binary) << text;
        return file;
    }
    [[nodiscard]] const std::filesystem::path& path() const { return path_; }

  private:
    std::filesystem::path path_;
};

}  // namespace aqd::driver::testing
