#include <boost/json.hpp>

#include "common/model/codes.hpp"
#include "common/model/limits.hpp"
#include "sync_server/admin/commands.hpp"
#include "sync_server/merge/directory.hpp"

namespace lantaarn::server::admin {
namespace json = boost::json;
namespace {

json::object code_document(const model::OwnCode& code) {
  return {{"list", code.list}, {"code", code.code}, {"nl", code.label_nl}, {"en", code.label_en}, {"withdrawn", code.withdrawn}};
}

Answer record_code(Context& context, const model::OwnCode& code) {
  model::Event event = context.new_event();
  auto& changed = *event.mutable_code_changed();
  changed.set_list(code.list);
  changed.set_code(code.code);
  changed.set_label_nl(code.label_nl);
  changed.set_label_en(code.label_en);
  changed.set_withdrawn(code.withdrawn);
  LANTAARN_TRY(context.record({event}));
  return Output{code_document(code), {}};
}

}  // namespace

// The same code again gives it other words, or offers it once more.
Answer add_code(Context& context, const Arguments& arguments) {
  LANTAARN_ASSIGN(const Directory* directory, context.merger.directory());
  const model::OwnCode code{arguments.one("list"), arguments.one("code"), arguments.one("nl"), arguments.one("en"), false};
  const bool is_new = directory->own_codes().find(code.list, code.code) == nullptr;
  if (is_new && directory->own_codes().size() >= model::kOwnCodesMax) return refused("too_many");
  return record_code(context, code);
}

Answer withdraw_code(Context& context, const Arguments& arguments) {
  LANTAARN_ASSIGN(const Directory* directory, context.merger.directory());
  const model::OwnCode* known = directory->own_codes().find(arguments.one("list"), arguments.one("code"));
  if (known == nullptr) return refused("code_not_found", {arguments.one("code")});
  model::OwnCode code = *known;
  code.withdrawn = true;
  return record_code(context, code);
}

Answer list_codes(Context& context, const Arguments&) {
  LANTAARN_ASSIGN(const Directory* directory, context.merger.directory());
  json::array documents;
  for (const auto& code : directory->own_codes().all()) documents.push_back(code_document(code));
  return Output{std::move(documents), {}};
}

}  // namespace lantaarn::server::admin
