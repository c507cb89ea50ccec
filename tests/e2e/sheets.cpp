#include "tests/e2e/sheets.hpp"

#include <algorithm>
#include <filesystem>
#include <regex>
#include <sstream>
#include <stdexcept>

namespace lantaarn::e2e {

Words typed_sheets(Town& town) {
  const std::string folder = town.folder().file("sheets");
  (void)town.ask({"recovery", "create", "--sheets", folder, "--as", "Wim"});
  return typed_from(folder);
}

Words typed_from(const std::string& folder) {
  std::vector<std::string> pdfs;
  for (const auto& file : std::filesystem::directory_iterator(folder)) pdfs.push_back(file.path().string());
  std::sort(pdfs.begin(), pdfs.end());
  if (pdfs.size() != 3) throw std::runtime_error("not three sheets in " + folder);
  const std::regex line("^\\s*[1-8](\\s+[0-9A-Z]{4}){5}\\s*$");
  std::string files;
  for (std::size_t i = 0; i < 2; ++i) {
    const Finished text = support::run("/usr/bin/pdftotext", {"-layout", pdfs[i], "-"});
    std::istringstream lines(text.out);
    std::string typed;
    for (std::string one; std::getline(lines, one);) {
      if (std::regex_match(one, line)) typed += one + "\n";
    }
    const std::string path = folder + "-" + std::to_string(i + 1);
    support::write_file(path, typed);
    files += (files.empty() ? "" : ",") + path;
  }
  return {"--sheets", files};
}

}  // namespace lantaarn::e2e
