#include "sync_server/review/http_rules.hpp"

#include <cctype>

#include "common/model/limits.hpp"
#include "common/model/fields.hpp"

namespace lantaarn::server::review {
namespace {

int hex_value(char digit) {
  if (digit >= '0' && digit <= '9') return digit - '0';
  if (digit >= 'a' && digit <= 'f') return digit - 'a' + 10;
  if (digit >= 'A' && digit <= 'F') return digit - 'A' + 10;
  return -1;
}

std::optional<std::string> percent_decoded(std::string_view text, bool plus_is_space) {
  std::string plain;
  for (std::size_t i = 0; i < text.size(); ++i) {
    char letter = text[i];
    if (letter == '%') {
      if (i + 2 >= text.size()) return std::nullopt;
      const int high = hex_value(text[i + 1]), low = hex_value(text[i + 2]);
      if (high < 0 || low < 0) return std::nullopt;
      letter = static_cast<char>(high * 16 + low);
      i += 2;
    } else if (letter == '+' && plus_is_space) {
      letter = ' ';
    }
    if (letter == '\0') return std::nullopt;
    plain += letter;
  }
  if (!model::characters_in(plain)) return std::nullopt;  // not UTF-8
  return plain;
}

bool read_query(std::string_view text, Target& target) {
  while (!text.empty()) {
    const auto end = text.find('&');
    const std::string_view pair = text.substr(0, end);
    text = end == std::string_view::npos ? std::string_view() : text.substr(end + 1);
    if (pair.empty()) continue;
    const auto equals = pair.find('=');
    const auto name = percent_decoded(pair.substr(0, equals), true);
    const auto value = equals == std::string_view::npos ? std::optional<std::string>("") : percent_decoded(pair.substr(equals + 1), true);
    if (!name || !value) return false;
    target.query[*name] = *value;
  }
  return true;
}

}  // namespace

std::optional<Target> read_target(std::string_view text) {
  if (text.empty() || text.front() != '/') return std::nullopt;
  const auto question = text.find('?');
  const auto path = percent_decoded(text.substr(0, question), false);
  if (!path) return std::nullopt;
  Target target{*path, {}};
  if (question != std::string_view::npos && !read_query(text.substr(question + 1), target)) return std::nullopt;
  return target;
}

std::string cookie_in(std::string_view header, std::string_view name) {
  while (!header.empty()) {
    const auto end = header.find(';');
    std::string_view pair = header.substr(0, end);
    header = end == std::string_view::npos ? std::string_view() : header.substr(end + 1);
    while (!pair.empty() && pair.front() == ' ') pair.remove_prefix(1);
    if (pair.size() > name.size() && pair.starts_with(name) && pair[name.size()] == '=') return std::string(pair.substr(name.size() + 1));
  }
  return {};
}

std::string_view cookie_name(bool secure) { return secure ? "__Host-lantaarn" : "lantaarn"; }

std::string cookie_line(bool secure, std::string_view value) {
  return "Set-Cookie: " + std::string(cookie_name(secure)) + "=" + std::string(value) + "; Path=/; HttpOnly; SameSite=Strict" +
         (secure ? "; Secure" : "") + "\r\n";
}

std::string cookie_gone_line(bool secure) {
  return "Set-Cookie: " + std::string(cookie_name(secure)) + "=; Path=/; HttpOnly; SameSite=Strict; Max-Age=0" + (secure ? "; Secure" : "") + "\r\n";
}

std::string origin_of(bool secure, std::string_view name, unsigned port) {
  std::string origin = std::string(secure ? "https://" : "http://") + std::string(name);
  if (port != (secure ? 443U : 80U)) origin += ":" + std::to_string(port);
  return origin;
}

std::string authority_of(std::string_view origin) {
  const auto start = origin.find("://");
  return std::string(start == std::string_view::npos ? origin : origin.substr(start + 3));
}

bool is_loopback(std::string_view host) { return host.starts_with("127.") || host == "::1" || host == "[::1]" || host == "localhost"; }

std::string security_lines(bool secure) {
  std::string lines =
      "Content-Security-Policy: default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
      "font-src 'self'; form-action 'none'; frame-ancestors 'none'; base-uri 'none'\r\n"
      "X-Content-Type-Options: nosniff\r\n"
      "X-Frame-Options: DENY\r\n"
      "Referrer-Policy: no-referrer\r\n"
      "Cross-Origin-Opener-Policy: same-origin\r\n"
      "Cross-Origin-Resource-Policy: same-origin\r\n"
      "Permissions-Policy: camera=(), geolocation=(), microphone=(), publickey-credentials-create=(self), publickey-credentials-get=(self)\r\n";
  if (secure) lines += "Strict-Transport-Security: max-age=31536000\r\n";
  return lines;
}

}  // namespace lantaarn::server::review
