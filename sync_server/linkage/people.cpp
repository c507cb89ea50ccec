#include "sync_server/linkage/people.hpp"

#include <algorithm>
#include <numeric>

namespace lantaarn::server::linkage {
namespace {

void put(NameWords& into, WordId word) {
  const auto view = into.view();
  if (into.all == kWordsMax || std::find(view.begin(), view.end(), word) != view.end()) return;
  into.words[into.all++] = word;
}

void put_names(NameWords& into, const std::vector<std::string>& names, Lexicon& lexicon, std::vector<std::string>& joined) {
  for (const std::string& name : names) {
    const auto words = words_of_name(name);
    for (const std::string& word : words) put(into, lexicon.learn(word));
    if (words.size() == 2) joined.push_back(words[0] + words[1]);
  }
  into.single = into.all;
}

// Two given names in two columns may stand in one elsewhere, and the other way round.
void put_joined(NameWords& into, const std::vector<std::string>& joined, std::size_t columns_words, Lexicon& lexicon) {
  for (const std::string& word : joined) put(into, lexicon.learn(word));
  if (joined.empty() && columns_words == 2) {
    put(into, lexicon.learn(lexicon.word(into.words[0]).text + lexicon.word(into.words[1]).text));
  }
}

std::int16_t part(const std::optional<int>& value, int most) {
  return value && *value >= 0 && *value <= most ? static_cast<std::int16_t>(*value) : kUnknown;
}

Person make_person(const LinkRecord& record, std::uint32_t input, Lexicon& lexicon) {
  Person person;
  std::vector<std::string> joined;
  put_names(person.called, record.given, lexicon, joined);
  person.given = person.called.single;
  put_names(person.called, record.preferred, lexicon, joined);
  put_joined(person.called, joined, person.given, lexicon);
  joined.clear();
  put_names(person.family, record.family, lexicon, joined);
  put_joined(person.family, joined, person.family.single, lexicon);
  person.year = part(record.birth_year, 9999);
  person.month = part(record.birth_month, 99);
  person.day = part(record.birth_day, 99);
  person.input = input;
  return person;
}

}  // namespace

People make_ready(const std::vector<LinkRecord>& records) {
  std::vector<std::uint32_t> order(records.size());
  std::iota(order.begin(), order.end(), 0U);
  std::sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) {
    const int by_id = records[a].id.compare(records[b].id);
    return by_id != 0 ? by_id < 0 : a < b;
  });
  People people;
  people.persons.reserve(records.size());
  for (const std::uint32_t input : order) {
    people.persons.push_back(make_person(records[input], input, people.lexicon));
    for (const WordId word : people.persons.back().called.view()) people.lexicon.count(word);
    for (const WordId word : people.persons.back().family.view()) people.lexicon.count(word);
  }
  people.lexicon.finish();
  return people;
}

}  // namespace lantaarn::server::linkage
