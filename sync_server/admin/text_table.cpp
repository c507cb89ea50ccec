#include "sync_server/admin/text_table.hpp"

#include <algorithm>
#include <numeric>
#include <sstream>

namespace lantaarn::server::admin {
namespace {

std::vector<std::string> words_of(const std::string& text) {
  std::istringstream stream(text);
  std::vector<std::string> words;
  for (std::string word; stream >> word;) words.push_back(word);
  return words;
}

std::string trimmed(std::string line) {
  line.erase(line.find_last_not_of(' ') + 1);
  return line;
}

// Words on as few lines as the longest word, or the cells below it, allow.
std::vector<std::string> wrapped(const std::vector<std::string>& words, std::size_t width) {
  std::vector<std::string> lines;
  for (const auto& word : words) {
    if (!lines.empty() && screen_width(lines.back()) + 1 + screen_width(word) <= width) {
      lines.back() += " " + word;
    } else {
      lines.push_back(word);
    }
  }
  return lines;
}

}  // namespace

std::size_t screen_width(const std::string& text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xc0U) != 0x80U; }));
}

std::string padded(const std::string& text, std::size_t width, Align align) {
  const std::size_t own = screen_width(text);
  const std::string fill(width > own ? width - own : 0, ' ');
  return align == Align::kLeft ? text + fill : fill + text;
}

void TextTable::add_column(const std::string& heading, Align align) { columns_.push_back({words_of(heading), align}); }
void TextTable::add_row(std::vector<std::string> cells) {
  // What somebody typed on a handheld must not steer the terminal it is shown on.
  for (auto& cell : cells) {
    std::replace_if(cell.begin(), cell.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }, ' ');
  }
  rows_.push_back(std::move(cells));
}
void TextTable::add_rule() { rows_.emplace_back(); }

std::vector<std::size_t> TextTable::widths(bool headings_wrap) const {
  std::vector<std::size_t> widths(columns_.size(), 1);
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    std::size_t line = 0;
    for (const auto& word : columns_[i].heading) {
      line = headings_wrap || line == 0 ? screen_width(word) : line + 1 + screen_width(word);
      widths[i] = std::max(widths[i], line);
    }
    for (const auto& row : rows_) {
      if (!row.empty()) widths[i] = std::max(widths[i], screen_width(row[i]));
    }
  }
  return widths;
}

std::string TextTable::text() const {
  const std::size_t gaps = columns_.empty() ? 0 : columns_.size() - 1;
  const auto sum = [](const std::vector<std::size_t>& all) { return std::accumulate(all.begin(), all.end(), std::size_t{0}); };
  auto width = widths(false);
  if (indent_ + sum(width) + 2 * gaps > kScreenColumns) width = widths(true);
  const std::size_t cells = sum(width);
  const std::string gap(indent_ + cells + 2 * gaps <= kScreenColumns ? 2 : 1, ' ');
  const auto line = [&](const auto& cell_of) {
    std::string out(indent_, ' ');
    for (std::size_t i = 0; i < columns_.size(); ++i) out += (i == 0 ? "" : gap) + padded(cell_of(i), width[i], columns_[i].align);
    return trimmed(out) + "\n";
  };

  std::vector<std::vector<std::string>> headings;
  std::size_t height = 0;
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    headings.push_back(wrapped(columns_[i].heading, width[i]));
    height = std::max(height, headings.back().size());
  }
  std::string out;
  for (std::size_t row = 0; row < height; ++row) {
    out += line([&](std::size_t i) {  // headings stand on the line above the cells
      const std::size_t above = height - headings[i].size();
      return row < above ? std::string() : headings[i][row - above];
    });
  }
  for (const auto& row : rows_) {
    if (row.empty()) {
      for (std::size_t i = 0; i < indent_; ++i) out += ' ';
      for (std::size_t i = 0; i < cells + gaps * gap.size(); ++i) out += "─";
      out += '\n';
    } else {
      out += line([&](std::size_t i) { return row[i]; });
    }
  }
  return out;
}

}  // namespace lantaarn::server::admin
