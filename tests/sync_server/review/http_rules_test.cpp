#include "sync_server/review/http_rules.hpp"

#include <catch2/catch.hpp>

using namespace lantaarn::server::review;

TEST_CASE("a target is read as text, or not at all", "[review][http]") {
  const auto read = read_target("/api/v1/clients?query=Zilver%20%C3%A9&limit=5&mine");
  REQUIRE(read);
  CHECK(read->path == "/api/v1/clients");
  CHECK(read->query.at("query") == "Zilver é");
  CHECK(read->query.at("limit") == "5");
  CHECK(read->query.at("mine").empty());
  CHECK(read_target("/a+b?c=d+e")->path == "/a+b");
  CHECK(read_target("/a+b?c=d+e")->query.at("c") == "d e");
  for (const char* bad : {"", "clients", "http://elsewhere/", "/%", "/%4", "/%zz", "/%00", "/%ff", "/a?b=%c3", "/a?b=%00"}) {
    INFO(bad);
    CHECK_FALSE(read_target(bad));
  }
}

TEST_CASE("a cookie is found by its whole name", "[review][http]") {
  CHECK(cookie_in("a=1; __Host-lantaarn=token; b=2", "__Host-lantaarn") == "token");
  CHECK(cookie_in("x__Host-lantaarn=wrong", "__Host-lantaarn").empty());
  CHECK(cookie_in("__Host-lantaarnx=wrong", "__Host-lantaarn").empty());
  CHECK(cookie_in("", "lantaarn").empty());
  CHECK(cookie_in("lantaarn", "lantaarn").empty());
  CHECK(cookie_in("lantaarn=a=b", "lantaarn") == "a=b");
}

TEST_CASE("a session's cookie is out of reach of scripts, other sites and plain connections", "[review][http]") {
  CHECK(cookie_line(true, "t") == "Set-Cookie: __Host-lantaarn=t; Path=/; HttpOnly; SameSite=Strict; Secure\r\n");
  CHECK(cookie_line(false, "t") == "Set-Cookie: lantaarn=t; Path=/; HttpOnly; SameSite=Strict\r\n");
  CHECK(cookie_gone_line(true).find("Max-Age=0") != std::string::npos);
}

TEST_CASE("an origin is named as browsers name it", "[review][http]") {
  CHECK(origin_of(true, "lantaarn.example", 443) == "https://lantaarn.example");
  CHECK(origin_of(true, "lantaarn.example", 8443) == "https://lantaarn.example:8443");
  CHECK(origin_of(false, "localhost", 80) == "http://localhost");
  CHECK(authority_of("https://lantaarn.example:8443") == "lantaarn.example:8443");
  CHECK(is_loopback("127.0.0.1"));
  CHECK(is_loopback("127.8.8.8"));
  CHECK(is_loopback("::1"));
  CHECK_FALSE(is_loopback("0.0.0.0"));
  CHECK_FALSE(is_loopback("10.127.0.1"));
}

TEST_CASE("every answer forbids what the page does not need", "[review][http]") {
  const std::string lines = security_lines(true);
  for (const char* wanted : {"default-src 'none'", "script-src 'self'", "frame-ancestors 'none'", "base-uri 'none'", "nosniff", "no-referrer", "Strict-Transport-Security"}) {
    INFO(wanted);
    CHECK(lines.find(wanted) != std::string::npos);
  }
  CHECK(lines.find("unsafe") == std::string::npos);
  CHECK(lines.find("http:") == std::string::npos);
  CHECK(security_lines(false).find("Strict-Transport-Security") == std::string::npos);
}
