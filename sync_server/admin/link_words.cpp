#include "sync_server/admin/link_words.hpp"

namespace lantaarn::server::admin {

std::string evidence_text(words::Language language, std::span<const linkage::Evidence> evidence) {
  std::string text;
  for (const linkage::Evidence& one : evidence) {
    text += (text.empty() ? "" : "; ") + words::text_in(language, linkage::words_key(one.code), one.args);
  }
  return text;
}

}  // namespace lantaarn::server::admin
