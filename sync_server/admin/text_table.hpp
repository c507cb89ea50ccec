#pragma once
// Tables for a terminal of 80 columns: words to the left, numbers to the right; headings wrap where it gets too wide.

#include <string>
#include <vector>

namespace lantaarn::server::admin {

inline constexpr std::size_t kScreenColumns = 80;

enum class Align { kLeft, kRight };

/// Columns a text takes on the screen: its code points (no wide characters are expected).
[[nodiscard]] std::size_t screen_width(const std::string& text);
/// `text` filled up with spaces to `width`.
[[nodiscard]] std::string padded(const std::string& text, std::size_t width, Align align);

class TextTable {
 public:
  /// Every line starts with `indent` spaces.
  explicit TextTable(std::size_t indent = 2) : indent_(indent) {}

  void add_column(const std::string& heading, Align align);
  /// As many cells as there are columns.
  void add_row(std::vector<std::string> cells);
  /// A line across.
  void add_rule();
  /// Lines that end in a line feed; without headings when all are empty. Columns stand two apart, or one where the
  /// table would be wider than the screen.
  [[nodiscard]] std::string text() const;

 private:
  struct Column {
    std::vector<std::string> heading;
    Align align;
  };
  [[nodiscard]] std::vector<std::size_t> widths(bool headings_wrap) const;
  std::size_t indent_;
  std::vector<Column> columns_;
  std::vector<std::vector<std::string>> rows_;  // an empty one is a rule
};

}  // namespace lantaarn::server::admin
