#pragma once
// Just enough of JSON Schema (draft 2020-12) to pin what the programs print: type, properties, required,
// additionalProperties, items, enum, const, pattern, minimum, maximum, minItems, maxItems, minLength, anyOf, $ref and $defs.
// A keyword it does not know is a defect of the schema, not something to pass over.

#include <boost/json/value.hpp>
#include <string>
#include <vector>

namespace lantaarn::support {

/// What in `document` does not conform, each as "$.clients[2].status: ..."; empty when everything does.
/// Throws std::logic_error when the schema uses a keyword that is not in the list above.
[[nodiscard]] std::vector<std::string> schema_problems(const boost::json::value& schema, const boost::json::value& document);

/// tests/contract/<name>.schema.json, parsed. Throws std::runtime_error when it is absent or not JSON.
[[nodiscard]] boost::json::value read_schema(const std::string& name);

/// Parses `text` (one JSON document) and holds it against tests/contract/<name>.schema.json; the problems as one text,
/// empty when it conforms: CHECK(conforms("lantaarn-server.overview", run.out) == "").
[[nodiscard]] std::string conforms(const std::string& name, const std::string& text);

}  // namespace lantaarn::support
