#include "sync_server/admin/control.hpp"

#include <algorithm>
#include <boost/json.hpp>

namespace lantaarn::server::admin {
namespace json = boost::json;
namespace {

std::optional<json::value> parse(std::string_view text) {
  boost::system::error_code failed;
  json::value value = json::parse({text.data(), text.size()}, failed);
  if (failed) return std::nullopt;
  return value;
}

const json::value* member(const json::value& value, std::string_view name) {
  return value.is_object() ? value.get_object().if_contains({name.data(), name.size()}) : nullptr;
}

std::string text_of(const json::value* value) {
  return value != nullptr && value->is_string() ? std::string(value->get_string()) : std::string();
}

std::optional<std::vector<std::string>> texts_of(const json::value& value) {
  if (!value.is_array()) return std::nullopt;
  std::vector<std::string> texts;
  for (const auto& item : value.get_array()) {
    if (!item.is_string()) return std::nullopt;
    texts.emplace_back(item.get_string());
  }
  return texts;
}

json::array to_json(const std::vector<std::string>& texts) {
  json::array array;
  for (const auto& text : texts) array.emplace_back(text);
  return array;
}

std::optional<Error> error_in(const json::value& value) {
  const json::value* kind = member(value, "kind");
  const json::value* args = member(value, "args");
  if (kind == nullptr || !kind->is_int64() || args == nullptr) return std::nullopt;
  const auto texts = texts_of(*args);
  if (!texts) return std::nullopt;
  return Error{static_cast<ErrorKind>(kind->get_int64()), text_of(member(value, "code")), *texts, {}};
}

}  // namespace

std::string encode_request(const Arguments& arguments) {
  json::object values;
  for (const auto& [name, texts] : arguments.values) values[name] = to_json(texts);
  return json::serialize(json::object{{"command", arguments.command}, {"values", std::move(values)}});
}

Result<Arguments> decode_request(std::string_view text) {
  const auto request = parse(text);
  const json::value* values = request ? member(*request, "values") : nullptr;
  if (values == nullptr || !values->is_object()) return reject_peer("protocol_error");
  Arguments arguments;
  arguments.command = text_of(member(*request, "command"));
  for (const auto& value : values->get_object()) {
    auto texts = texts_of(value.value());
    if (!texts) return reject_peer("protocol_error");
    arguments.values[std::string(value.key())] = std::move(*texts);
  }
  return arguments;
}

std::string encode_answer(const Answer& answer) {
  if (!answer.ok()) {
    const Error& error = answer.error();
    return json::serialize(json::object{
        {"error", {{"kind", static_cast<int>(error.kind)}, {"code", error.code}, {"args", to_json(error.args)}}}});
  }
  json::array files;
  for (const auto& file : answer->files) files.push_back({{"path", file.path}, {"content", file.content}});
  return json::serialize(json::object{{"document", answer->document}, {"files", std::move(files)}});
}

Answer decode_answer(std::string_view text) {
  const auto value = parse(text);
  if (!value) return reject_peer("protocol_error");
  if (const json::value* failed = member(*value, "error")) {
    const auto error = error_in(*failed);
    return error ? *error : reject_peer("protocol_error");
  }
  const json::value* document = member(*value, "document");
  const json::value* files = member(*value, "files");
  if (document == nullptr || files == nullptr || !files->is_array()) return reject_peer("protocol_error");
  Output output{*document, {}};
  for (const auto& file : files->get_array()) {
    output.files.push_back({text_of(member(file, "path")), text_of(member(file, "content"))});
  }
  return output;
}

Bytes frame_message(std::string_view message) {
  Bytes framed(kControlLengthBytes + message.size());
  store_le(framed.data(), static_cast<std::uint32_t>(message.size()));
  std::copy(message.begin(), message.end(), framed.begin() + kControlLengthBytes);
  return framed;
}

}  // namespace lantaarn::server::admin
