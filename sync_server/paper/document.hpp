#pragma once
// Something to print: A4 upright, one column, black on white, written from top to bottom (cairo and pango). The PDF is
// tagged, so that a screen reader finds headings and paragraphs. It is made in memory: nothing is written anywhere.
// Not used by two threads at once.

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "common/base/bytes.hpp"
#include "common/base/result.hpp"

namespace lantaarn::server::paper {

/// About the file itself; neutral, since it shows in every viewer's window and list.
struct About {
  std::string title;
  std::string language;  ///< "nl", "en"
  std::string footer;    ///< at the bottom of every page, before its number
};

class Document {
 public:
  explicit Document(const About& about);
  Document(Document&&) noexcept;
  Document& operator=(Document&&) noexcept;
  ~Document();

  void title(const std::string& text);
  /// Stays with what follows it.
  void heading(const std::string& text);
  void paragraph(const std::string& text);
  void bullets(const std::vector<std::string>& items);
  /// What is called what: the names in a column of their own.
  void facts(const std::vector<std::pair<std::string, std::string>>& rows);
  /// To be typed over letter by letter, large and of one width; beside them `scanned` as a QR code (ISO 18004, level M).
  /// kBug when that is too long for one.
  [[nodiscard]] Status typed_lines(const std::vector<std::string>& lines, const std::string& scanned);
  void space(double mm);

  /// The PDF; the document is over. kRetry "memory_short"; kBug when cairo fails otherwise.
  [[nodiscard]] Result<Bytes> finish();
  [[nodiscard]] int pages() const;

 private:
  struct Sheet;
  std::unique_ptr<Sheet> sheet_;
};

}  // namespace lantaarn::server::paper
