#include <algorithm>
#include <charconv>
#include <map>

#include "sync_server/admin/csv_file.hpp"
#include "sync_server/admin/link_eval.hpp"

namespace lantaarn::server::admin {
namespace {

enum class Column { kId, kGiven, kFamily, kPreferred, kYear, kMonth, kDay, kDate, kPerson };

struct Known {
  std::string_view name;
  Column column;
};
constexpr Known kKnown[] = {
    {"rec_id", Column::kId},            {"first_name_1", Column::kGiven},   {"first_name_2", Column::kGiven},
    {"first_name", Column::kGiven},     {"given_name", Column::kGiven},     {"last_name_1", Column::kFamily},
    {"last_name_2", Column::kFamily},   {"last_name", Column::kFamily},     {"surname", Column::kFamily},
    {"preferred_name", Column::kPreferred}, {"birth_year", Column::kYear},  {"birth_month", Column::kMonth},
    {"birth_day", Column::kDay},        {"date_of_birth", Column::kDate},   {"person_id", Column::kPerson},
};

struct Place {
  std::size_t at = 0;
  Column column = Column::kId;
};

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return out;
}

Result<std::vector<Place>> places_in(const CsvFields& names) {
  std::vector<Place> places;
  std::map<std::string, std::size_t> seen;
  for (std::size_t at = 0; at < names.size(); ++at) {
    const std::string name = lower(trimmed(names[at]));
    const auto* known = std::find_if(std::begin(kKnown), std::end(kKnown), [&](const Known& k) { return k.name == name; });
    if (known == std::end(kKnown)) continue;
    if (seen[name]++ > 0) return refused("csv_column_twice", {name});
    places.push_back({at, known->column});
  }
  const bool named = std::any_of(places.begin(), places.end(), [](const Place& place) {
    return place.column == Column::kGiven || place.column == Column::kFamily || place.column == Column::kPreferred;
  });
  if (!named) return refused("csv_no_names");
  return places;
}

std::optional<int> number_in(std::string_view text) {
  int number = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), number);
  // 1949.0 is how R and pandas write a whole number beside a missing one.
  if (problem != std::errc{} || (end != text.data() + text.size() && std::string_view(end, text.data() + text.size()) != ".0")) return {};
  return number;
}

void put_date(linkage::LinkRecord& record, std::string_view text) {
  std::string digits(text);
  std::erase(digits, '-');
  if (digits.ends_with(".0")) digits.resize(digits.size() - 2);
  if (digits.size() != 8) return;
  const std::string_view date(digits);
  record.birth_year = number_in(date.substr(0, 4));
  record.birth_month = number_in(date.substr(4, 2));
  record.birth_day = number_in(date.substr(6, 2));
}

void put_value(linkage::LinkRecord& record, Column column, std::string_view value) {
  switch (column) {
    case Column::kId: record.id = value; return;
    case Column::kGiven: record.given.emplace_back(value); return;
    case Column::kFamily: record.family.emplace_back(value); return;
    case Column::kPreferred: record.preferred.emplace_back(value); return;
    case Column::kYear: record.birth_year = number_in(value); return;
    case Column::kMonth: record.birth_month = number_in(value); return;
    case Column::kDay: record.birth_day = number_in(value); return;
    case Column::kDate: put_date(record, value); return;
    case Column::kPerson: return;
  }
}

class LinkFileReader {
 public:
  Result<LinkFile> read(const std::string& path) {
    CsvHandlers handlers;
    handlers.header = [this](const CsvFields& names) -> Status {
      LANTAARN_ASSIGN(places_, places_in(names));
      truth_is_told_ = std::any_of(places_.begin(), places_.end(), [](const Place& place) { return place.column == Column::kPerson; });
      return {};
    };
    handlers.row = [this](std::uint64_t line, const CsvFields& fields) -> Status {
      put_row(line, fields);
      return {};
    };
    LANTAARN_TRY(read_csv(path, handlers));
    return std::move(file_);
  }

 private:
  void put_row(std::uint64_t line, const CsvFields& fields) {
    linkage::LinkRecord record;
    record.id = "line " + std::to_string(line);
    std::string person;
    for (const Place& place : places_) {
      const std::string_view value = trimmed(fields[place.at]);
      if (value.empty() || value == "NA") continue;
      if (place.column == Column::kPerson) person = value;
      else put_value(record, place.column, value);
    }
    // No column holds this: a line feed is trimmed off by nobody.
    if (truth_is_told_) file_.truth.push_back(person.empty() ? "\n" + std::to_string(line) : std::move(person));
    file_.records.push_back(std::move(record));
  }

  std::vector<Place> places_;
  bool truth_is_told_ = false;
  LinkFile file_;
};

}  // namespace

Result<LinkFile> read_link_file(const std::string& path) { return LinkFileReader().read(path); }

}  // namespace lantaarn::server::admin
