#include "tests/support/json_schema.hpp"

#include <boost/json.hpp>
#include <catch2/catch.hpp>
#include <stdexcept>

using lantaarn::support::schema_problems;

namespace {

std::vector<std::string> problems(const char* schema, const char* document) {
  return schema_problems(boost::json::parse(schema), boost::json::parse(document));
}

}  // namespace

TEST_CASE("a document that conforms has no problems", "[json_schema]") {
  const char* schema = R"({"type":"array","items":{"$ref":"#/$defs/id"},"$defs":{"id":{"type":"string","pattern":"^[0-9a-f]{4}$"}}})";
  CHECK(problems(schema, R"(["00ff","abcd"])").empty());
  CHECK(problems(schema, "[]").empty());
}

TEST_CASE("what does not conform is named with its place", "[json_schema]") {
  const char* schema = R"({"type":"object","required":["n"],"additionalProperties":false,
                           "properties":{"n":{"type":"integer","minimum":0},"word":{"enum":["a","b",null]}}})";
  CHECK(problems(schema, R"({"n":1,"word":null})").empty());
  CHECK(problems(schema, "{}") == std::vector<std::string>{"$: lacks n"});
  CHECK(problems(schema, R"({"n":-1})") == std::vector<std::string>{"$.n: is below 0"});
  CHECK(problems(schema, R"({"n":1.5})") == std::vector<std::string>{"$.n: is not of type \"integer\""});
  CHECK(problems(schema, R"({"n":1,"word":"c"})").size() == 1);
  CHECK(problems(schema, R"({"n":1,"other":2})") == std::vector<std::string>{"$.other: is not allowed here"});
  CHECK(problems(schema, "[]") == std::vector<std::string>{"$: is not of type \"object\""});
}

TEST_CASE("a deep mistake is found", "[json_schema]") {
  const char* schema = R"({"properties":{"list":{"minItems":1,"items":{"anyOf":[{"type":"string"},{"type":"null"}]}}}})";
  CHECK(problems(schema, R"({"list":["x",null]})").empty());
  CHECK(problems(schema, R"({"list":["x",7]})") == std::vector<std::string>{"$.list[1]: fits none of anyOf"});
  CHECK(problems(schema, R"({"list":[]})").size() == 1);
}

TEST_CASE("a schema keyword that would be passed over is a defect", "[json_schema]") {
  CHECK_THROWS_AS(problems(R"({"typ":"object"})", "{}"), std::logic_error);
}
