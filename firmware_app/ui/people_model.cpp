#include "firmware_app/ui/people_model.hpp"

#include <algorithm>
#include <set>

#include "common/model/fold_name.hpp"
#include "firmware_app/ui/rows.hpp"

namespace lantaarn::firmware::ui {
namespace {

using Person = PeopleModel::Person;

std::set<std::string> due_now(const Seen& now) {
  const std::string today = today_of(now.session);
  std::set<std::string> due;
  for (const FollowUpView& each : now.follow_ups) {
    if (each.due_date <= today) due.insert(each.client_id);
  }
  return due;
}

std::vector<Person> people_of(const Session& session, const std::set<std::string>& due) {
  std::vector<Person> people;
  people.reserve(session.cards.size());
  for (const CaseCard& card : session.cards) {
    const QVariantMap row = person_row(card);
    Person person{row.value("id").toString(), row.value("name").toString(), row.value("names").toStringList().mid(1).join(", "), {},
                  due.contains(card.card.client_id())};
    for (const auto& alias : card.card.aliases()) person.folded.push_back(model::fold_name(alias));
    people.push_back(std::move(person));
  }
  std::stable_sort(people.begin(), people.end(), [](const Person& a, const Person& b) { return a.due && !b.due; });
  return people;
}

/// What the list on the screen was made of: on the office's thread only.
struct MadeOf {
  const Session* session = nullptr;
  std::uint64_t edition = 0;
  std::set<std::string> due;
  bool operator==(const MadeOf&) const = default;
};

}  // namespace

PeopleModel::PeopleModel(Refresh& refresh) {
  refresh.add([this, made = std::make_shared<MadeOf>()]() -> Refresh::Look {
    return [this, made](const Seen& now) -> Refresh::Show {
      MadeOf wanted{&now.session, now.session.edition, due_now(now)};
      if (wanted == *made) return [] {};
      *made = wanted;
      const auto people = std::make_shared<std::vector<Person>>(people_of(now.session, wanted.due));
      return [this, people] { take(std::move(*people)); };
    };
  });
}

void PeopleModel::take(std::vector<Person> people) {
  beginResetModel();
  people_ = std::move(people);
  narrow();
  endResetModel();
  emit peopleChanged();
}

void PeopleModel::setQuery(const QString& query) {
  if (query == query_) return;
  beginResetModel();
  query_ = query;
  narrow();
  endResetModel();
  emit queryChanged();
}

void PeopleModel::narrow() {
  const std::string wanted = model::fold_name(query_.toStdString());
  found_.clear();
  for (std::size_t i = 0; i < people_.size(); ++i) {
    const auto& names = people_[i].folded;
    const bool fits = wanted.empty() || std::any_of(names.begin(), names.end(), [&](const std::string& name) { return name.find(wanted) != std::string::npos; });
    if (fits) found_.push_back(i);
  }
}

int PeopleModel::rowCount(const QModelIndex& parent) const { return parent.isValid() ? 0 : static_cast<int>(found_.size()); }

QVariant PeopleModel::data(const QModelIndex& index, int role) const {
  if (index.row() < 0 || index.row() >= rowCount()) return {};
  const Person& person = people_[found_[static_cast<std::size_t>(index.row())]];
  switch (role) {
    case kId: return person.id;
    case kName: return person.name;
    case kNames: return person.names;
    case kDue: return person.due;
    default: return {};
  }
}

QHash<int, QByteArray> PeopleModel::roleNames() const { return {{kId, "clientId"}, {kName, "name"}, {kNames, "otherNames"}, {kDue, "due"}}; }

}  // namespace lantaarn::firmware::ui
