#pragma once
// What was asked over HTTP and what is answered, as plain values: no socket, no header syntax, no TLS. The web process
// (web/) makes them from bytes and back; the routes see nothing else.

#include <boost/json/value.hpp>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace lantaarn::server::review {

enum class Method : std::uint8_t { kGet = 1, kPost, kPatch, kPut, kDelete };

/// As the page's address bar and the body gave them. Texts are UTF-8, percent-decoded, and not yet judged.
struct Request {
  Method method = Method::kGet;
  std::string path;                                     ///< below /api/v1/, without it: "clients/0a1b…/records"
  std::map<std::string, std::string, std::less<>> query;  ///< of several of one name the last
  boost::json::value body;                              ///< null when there was none
  std::string session;                                  ///< the cookie's value; "" = none
  std::string csrf;                                     ///< header X-Lantaarn; "" = none
  std::string remote_user;                              ///< whom a single sign-on in front names; unix socket only, else ""
  std::string peer;                                     ///< address without port
  std::string agent;                                    ///< User-Agent, at most 200 bytes
  bool background = false;                              ///< asked by the page by itself: no sign of anybody being there

  [[nodiscard]] std::string one(std::string_view name) const {
    const auto found = query.find(name);
    return found == query.end() ? std::string() : found->second;
  }
  /// A member of the body that is a text; "" when there is none.
  [[nodiscard]] std::string text(std::string_view name) const;
  /// A member that is a list of texts, or one text; empty when there is none.
  [[nodiscard]] std::vector<std::string> texts(std::string_view name) const;
  [[nodiscard]] bool flag(std::string_view name) const;
};

struct Reply {
  int status = 200;
  boost::json::value document;                          ///< null: no body
  std::string content;                                  ///< instead of a document, with its type: a file to keep
  std::string content_type;
  std::string file_name;                                ///< neutral: never a name of a woman
  std::string set_session;                              ///< a new cookie's value
  bool clear_session = false;
  bool is_stream = false;                               ///< goes on: server-sent events
};

}  // namespace lantaarn::server::review
