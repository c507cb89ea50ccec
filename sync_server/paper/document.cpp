#include "sync_server/paper/document.hpp"

#include <cairo-pdf.h>
#include <pango/pangocairo.h>
#include <qrencode.h>

#include <algorithm>

#include "common/crypto/secret.hpp"

namespace lantaarn::server::paper {
namespace {

constexpr double kPointsPerMm = 72.0 / 25.4;
constexpr double kPageWidth = 210 * kPointsPerMm;
constexpr double kPageHeight = 297 * kPointsPerMm;
constexpr double kMargin = 20 * kPointsPerMm;
constexpr double kColumn = kPageWidth - 2 * kMargin;
constexpr double kFooterRoom = 8 * kPointsPerMm;
constexpr double kFactColumn = 62 * kPointsPerMm;
constexpr double kCodeSide = 66 * kPointsPerMm;
constexpr int kQuietModules = 4;

// What there is on a bare Debian: fontconfig takes the first it has.
constexpr const char* kTextFont = "Noto Sans, DejaVu Sans";
constexpr const char* kTypedFont = "Noto Sans Mono, DejaVu Sans Mono";

struct Face {
  const char* family;
  double points;
  bool bold = false;
  double gap_after = 6;  // points
};
constexpr Face kTitle{kTextFont, 20, true, 10};
constexpr Face kHeading{kTextFont, 12, true, 4};
constexpr Face kText{kTextFont, 10.5, false, 6};
constexpr Face kLabel{kTextFont, 10.5, false, 3};
constexpr Face kTyped{kTypedFont, 13, false, 5};
constexpr Face kFooter{kTextFont, 8.5, false, 0};

template <typename T>
using Owned = std::unique_ptr<T, void (*)(T*)>;

cairo_status_t append_to(void* bytes, const unsigned char* data, unsigned int size) {
  append(*static_cast<Bytes*>(bytes), {data, size});
  return CAIRO_STATUS_SUCCESS;
}

void unref_layout(PangoLayout* layout) { g_object_unref(layout); }

void free_code(QRcode* code) {
  crypto::wipe({code->data, static_cast<std::size_t>(code->width) * static_cast<std::size_t>(code->width)});
  QRcode_free(code);
}

}  // namespace

struct Document::Sheet {
  About about;
  Bytes pdf;
  Owned<cairo_surface_t> surface{nullptr, cairo_surface_destroy};
  Owned<cairo_t> cairo{nullptr, cairo_destroy};
  double y = kMargin;
  int page = 1;

  Owned<PangoLayout> laid_out(const Face& face, const std::string& text, double width);
  void draw(const Face& face, const std::string& text, const char* tag);
  void draw_at(PangoLayout* layout, double x, double top);
  void draw_code(const QRcode& code, double x, double top, double side);
  void make_room(double height);
  void end_page();
};

Document::Document(const About& about) : sheet_(std::make_unique<Sheet>()) {
  sheet_->about = about;
  sheet_->surface.reset(cairo_pdf_surface_create_for_stream(append_to, &sheet_->pdf, kPageWidth, kPageHeight));
  cairo_pdf_surface_set_metadata(sheet_->surface.get(), CAIRO_PDF_METADATA_TITLE, about.title.c_str());
  sheet_->cairo.reset(cairo_create(sheet_->surface.get()));
}
Document::Document(Document&&) noexcept = default;
Document& Document::operator=(Document&&) noexcept = default;
Document::~Document() = default;

Owned<PangoLayout> Document::Sheet::laid_out(const Face& face, const std::string& text, double width) {
  Owned<PangoLayout> layout(pango_cairo_create_layout(cairo.get()), unref_layout);
  pango_context_set_language(pango_layout_get_context(layout.get()), pango_language_from_string(about.language.c_str()));
  const Owned<PangoFontDescription> font(pango_font_description_new(), pango_font_description_free);
  pango_font_description_set_family(font.get(), face.family);
  pango_font_description_set_absolute_size(font.get(), face.points * PANGO_SCALE);
  pango_font_description_set_weight(font.get(), face.bold ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL);
  pango_layout_set_font_description(layout.get(), font.get());
  pango_layout_set_width(layout.get(), static_cast<int>(width * PANGO_SCALE));
  pango_layout_set_wrap(layout.get(), PANGO_WRAP_WORD_CHAR);
  pango_layout_set_line_spacing(layout.get(), 1.15F);
  pango_layout_set_text(layout.get(), text.data(), static_cast<int>(text.size()));
  return layout;
}

namespace {

double height_of(PangoLayout* layout) {
  int width = 0, height = 0;
  pango_layout_get_size(layout, &width, &height);
  return static_cast<double>(height) / PANGO_SCALE;
}

}  // namespace

void Document::Sheet::draw_at(PangoLayout* layout, double x, double top) {
  cairo_move_to(cairo.get(), x, top);
  pango_cairo_show_layout(cairo.get(), layout);
}

void Document::Sheet::end_page() {
  const auto text = laid_out(kFooter, about.footer + (about.footer.empty() ? "" : " · ") + std::to_string(page), kColumn);
  draw_at(text.get(), kMargin, kPageHeight - kMargin);
  cairo_show_page(cairo.get());
}

void Document::Sheet::make_room(double height) {
  if (y + height <= kPageHeight - kMargin - kFooterRoom || y == kMargin) return;
  end_page();
  ++page;
  y = kMargin;
}

void Document::Sheet::draw(const Face& face, const std::string& text, const char* tag) {
  const auto layout = laid_out(face, text, kColumn);
  const double height = height_of(layout.get());
  make_room(height);
  cairo_tag_begin(cairo.get(), tag, nullptr);
  draw_at(layout.get(), kMargin, y);
  cairo_tag_end(cairo.get(), tag);
  y += height + face.gap_after;
}

void Document::title(const std::string& text) { sheet_->draw(kTitle, text, "H1"); }

void Document::heading(const std::string& text) {
  sheet_->make_room(4 * kHeading.points);
  space(2.5);
  sheet_->draw(kHeading, text, "H2");
}

void Document::paragraph(const std::string& text) { sheet_->draw(kText, text, "P"); }

void Document::bullets(const std::vector<std::string>& items) {
  constexpr double kIndent = 12;
  for (const std::string& item : items) {
    const auto dot = sheet_->laid_out(kLabel, "•", kIndent);
    const auto layout = sheet_->laid_out(kLabel, item, kColumn - kIndent);
    const double height = height_of(layout.get());
    sheet_->make_room(height);
    cairo_tag_begin(sheet_->cairo.get(), "P", nullptr);
    sheet_->draw_at(dot.get(), kMargin, sheet_->y);
    sheet_->draw_at(layout.get(), kMargin + kIndent, sheet_->y);
    cairo_tag_end(sheet_->cairo.get(), "P");
    sheet_->y += height + kLabel.gap_after;
  }
}

void Document::facts(const std::vector<std::pair<std::string, std::string>>& rows) {
  for (const auto& [name, value] : rows) {
    const auto left = sheet_->laid_out(kLabel, name, kFactColumn - 8);
    const auto right = sheet_->laid_out(kLabel, value, kColumn - kFactColumn);
    const double height = std::max(height_of(left.get()), height_of(right.get()));
    sheet_->make_room(height);
    cairo_tag_begin(sheet_->cairo.get(), "P", nullptr);
    cairo_set_source_rgb(sheet_->cairo.get(), 0.3, 0.3, 0.3);
    sheet_->draw_at(left.get(), kMargin, sheet_->y);
    cairo_set_source_rgb(sheet_->cairo.get(), 0, 0, 0);
    sheet_->draw_at(right.get(), kMargin + kFactColumn, sheet_->y);
    cairo_tag_end(sheet_->cairo.get(), "P");
    sheet_->y += height + kLabel.gap_after;
  }
}

// As one shape: no hairlines between modules.
void Document::Sheet::draw_code(const QRcode& code, double x, double top, double side) {
  const double module = side / (code.width + 2 * kQuietModules);
  for (int row = 0; row < code.width; ++row) {
    for (int column = 0; column < code.width; ++column) {
      if ((code.data[row * code.width + column] & 1) == 0) continue;
      cairo_rectangle(cairo.get(), x + (column + kQuietModules) * module, top + (row + kQuietModules) * module, module, module);
    }
  }
  cairo_fill(cairo.get());
}

Status Document::typed_lines(const std::vector<std::string>& lines, const std::string& scanned) {
  const Owned<QRcode> code(QRcode_encodeString(scanned.c_str(), 0, QR_ECLEVEL_M, QR_MODE_8, 1), free_code);
  if (!code) return bug("paper: no QR code of " + std::to_string(scanned.size()) + " characters");
  sheet_->make_room(kCodeSide);
  const double top = sheet_->y;
  cairo_tag_begin(sheet_->cairo.get(), "Figure", nullptr);
  sheet_->draw_code(*code, kPageWidth - kMargin - kCodeSide, top, kCodeSide);
  cairo_tag_end(sheet_->cairo.get(), "Figure");
  sheet_->y += kTyped.points / 2;
  for (const std::string& line : lines) sheet_->draw(kTyped, line, "P");
  sheet_->y = std::max(sheet_->y, top + kCodeSide);
  return {};
}

void Document::space(double mm) {
  if (sheet_->y != kMargin) sheet_->y += mm * kPointsPerMm;
}

int Document::pages() const { return sheet_->page; }

Result<Bytes> Document::finish() {
  sheet_->end_page();
  cairo_surface_finish(sheet_->surface.get());
  const cairo_status_t status = cairo_surface_status(sheet_->surface.get());
  const cairo_status_t drawn = cairo_status(sheet_->cairo.get());
  if (status == CAIRO_STATUS_NO_MEMORY || drawn == CAIRO_STATUS_NO_MEMORY) return retry("memory_short");
  if (status != CAIRO_STATUS_SUCCESS) return bug(std::string("paper: ") + cairo_status_to_string(status));
  return std::move(sheet_->pdf);
}

}  // namespace lantaarn::server::paper
