#include "tests/support/json_schema.hpp"

#include <boost/json.hpp>
#include <regex>
#include <set>
#include <stdexcept>

#include "tests/support/temp_folder.hpp"

namespace lantaarn::support {
namespace json = boost::json;
namespace {

using Problems = std::vector<std::string>;

class Checker {
 public:
  explicit Checker(const json::value& root) : root_(root) {}

  void check(const json::value& schema, const json::value& value, const std::string& at) {
    if (schema.is_bool()) {
      if (!schema.get_bool()) report(at, "is not allowed here");
      return;
    }
    const json::object& rules = schema.as_object();
    refuse_unknown_keywords(rules);
    if (const json::value* reference = rules.if_contains("$ref")) check(resolve(*reference), value, at);
    check_type(rules, value, at);
    check_choices(rules, value, at);
    if (value.is_number()) check_number(rules, value.to_number<double>(), at);
    if (value.is_string()) check_string(rules, std::string(value.get_string()), at);
    if (value.is_array()) check_array(rules, value.get_array(), at);
    if (value.is_object()) check_object(rules, value.get_object(), at);
  }

  Problems problems;

 private:
  void report(const std::string& at, const std::string& what) { problems.push_back(at + ": " + what); }

  static void refuse_unknown_keywords(const json::object& rules) {
    static const std::set<std::string, std::less<>> kKnown = {
        "$schema", "$id", "$defs", "$ref", "title", "description", "type", "properties", "required", "additionalProperties",
        "items", "enum", "const", "pattern", "minimum", "maximum", "minItems", "maxItems", "minLength", "anyOf"};
    for (const auto& rule : rules) {
      if (!kKnown.contains(std::string_view(rule.key()))) throw std::logic_error("schema: unknown keyword " + std::string(rule.key()));
    }
  }

  const json::value& resolve(const json::value& reference) const {
    const std::string path(reference.as_string());
    const std::string prefix = "#/$defs/";
    if (path.rfind(prefix, 0) != 0) throw std::logic_error("schema: only #/$defs/ is resolved: " + path);
    return root_.as_object().at("$defs").as_object().at(path.substr(prefix.size()));
  }

  static bool has_type(std::string_view type, const json::value& value) {
    if (type == "object") return value.is_object();
    if (type == "array") return value.is_array();
    if (type == "string") return value.is_string();
    if (type == "boolean") return value.is_bool();
    if (type == "null") return value.is_null();
    if (type == "integer") return value.is_int64() || value.is_uint64();
    if (type == "number") return value.is_number();
    throw std::logic_error("schema: unknown type " + std::string(type));
  }

  void check_type(const json::object& rules, const json::value& value, const std::string& at) {
    const json::value* type = rules.if_contains("type");
    if (type == nullptr) return;
    bool fits = false;
    if (type->is_string()) {
      fits = has_type(std::string_view(type->get_string()), value);
    } else {
      for (const auto& one : type->as_array()) fits = fits || has_type(std::string_view(one.as_string()), value);
    }
    if (!fits) report(at, "is not of type " + json::serialize(*type));
  }

  void check_choices(const json::object& rules, const json::value& value, const std::string& at) {
    if (const json::value* only = rules.if_contains("const"); only != nullptr && *only != value) {
      report(at, "is not " + json::serialize(*only));
    }
    if (const json::value* choices = rules.if_contains("enum")) {
      bool found = false;
      for (const auto& choice : choices->as_array()) found = found || choice == value;
      if (!found) report(at, json::serialize(value) + " is not one of " + json::serialize(*choices));
    }
    if (const json::value* branches = rules.if_contains("anyOf")) {
      bool fits = false;
      for (const auto& branch : branches->as_array()) {
        Checker alone(root_);
        alone.check(branch, value, at);
        fits = fits || alone.problems.empty();
      }
      if (!fits) report(at, "fits none of anyOf");
    }
  }

  void check_number(const json::object& rules, double number, const std::string& at) {
    if (const json::value* least = rules.if_contains("minimum"); least != nullptr && number < least->to_number<double>()) {
      report(at, "is below " + json::serialize(*least));
    }
    if (const json::value* most = rules.if_contains("maximum"); most != nullptr && number > most->to_number<double>()) {
      report(at, "is above " + json::serialize(*most));
    }
  }

  void check_string(const json::object& rules, const std::string& text, const std::string& at) {
    if (const json::value* least = rules.if_contains("minLength"); least != nullptr && text.size() < least->to_number<std::size_t>()) {
      report(at, "is too short");
    }
    const json::value* pattern = rules.if_contains("pattern");
    if (pattern != nullptr && !std::regex_search(text, std::regex(std::string(pattern->as_string())))) {
      report(at, "\"" + text + "\" does not match " + json::serialize(*pattern));
    }
  }

  void check_array(const json::object& rules, const json::array& items, const std::string& at) {
    if (const json::value* least = rules.if_contains("minItems"); least != nullptr && items.size() < least->to_number<std::size_t>()) {
      report(at, "has too few items");
    }
    if (const json::value* most = rules.if_contains("maxItems"); most != nullptr && items.size() > most->to_number<std::size_t>()) {
      report(at, "has too many items");
    }
    const json::value* item_rules = rules.if_contains("items");
    if (item_rules == nullptr) return;
    for (std::size_t i = 0; i < items.size(); ++i) check(*item_rules, items[i], at + "[" + std::to_string(i) + "]");
  }

  void check_object(const json::object& rules, const json::object& members, const std::string& at) {
    if (const json::value* required = rules.if_contains("required")) {
      for (const auto& name : required->as_array()) {
        if (!members.contains(name.as_string())) report(at, "lacks " + std::string(name.as_string()));
      }
    }
    const json::value* properties = rules.if_contains("properties");
    const json::value* others = rules.if_contains("additionalProperties");
    for (const auto& member : members) {
      const std::string place = at + "." + std::string(member.key());
      const json::value* own = properties == nullptr ? nullptr : properties->as_object().if_contains(member.key());
      if (own != nullptr) {
        check(*own, member.value(), place);
      } else if (others != nullptr) {
        check(*others, member.value(), place);
      }
    }
  }

  const json::value& root_;
};

}  // namespace

std::vector<std::string> schema_problems(const json::value& schema, const json::value& document) {
  Checker checker(schema);
  checker.check(schema, document, "$");
  return checker.problems;
}

json::value read_schema(const std::string& name) {
  boost::system::error_code failed;
  json::value schema = json::parse(read_file(LANTAARN_CONTRACT_FOLDER "/" + name + ".schema.json"), failed);
  if (failed) throw std::runtime_error("schema " + name + ": " + failed.message());
  return schema;
}

std::string conforms(const std::string& name, const std::string& text) {
  boost::system::error_code failed;
  const json::value document = json::parse(text, failed);
  if (failed) return "not one JSON document: " + failed.message();
  std::string all;
  for (const auto& problem : schema_problems(read_schema(name), document)) all += problem + "\n";
  return all;
}

}  // namespace lantaarn::support
