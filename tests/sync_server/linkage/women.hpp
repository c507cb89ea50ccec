#pragma once
// Records of women who never existed, in few words.

#include <string>
#include <vector>

#include "sync_server/linkage/record.hpp"

namespace lantaarn::support {

/// "" and 0: missing.
inline server::linkage::LinkRecord woman(const std::string& given, const std::string& family, int year = 0, int month = 0, int day = 0) {
  server::linkage::LinkRecord record;
  if (!given.empty()) record.given.push_back(given);
  if (!family.empty()) record.family.push_back(family);
  if (year != 0) record.birth_year = year;
  if (month != 0) record.birth_month = month;
  if (day != 0) record.birth_day = day;
  return record;
}

/// Known by what she is called alone.
inline server::linkage::LinkRecord called(std::vector<std::string> preferred) {
  server::linkage::LinkRecord record;
  record.preferred = std::move(preferred);
  return record;
}

/// With ids "001", "002", … in this order.
inline std::vector<server::linkage::LinkRecord> numbered(std::vector<server::linkage::LinkRecord> records) {
  for (std::size_t i = 0; i < records.size(); ++i) {
    const std::string number = std::to_string(i + 1);
    records[i].id = std::string(number.size() < 3 ? 3 - number.size() : 0, '0') + number;
  }
  return records;
}

/// A register of 25 aliases, none of them like another.
inline std::vector<server::linkage::LinkRecord> small_register() {
  std::vector<server::linkage::LinkRecord> records;
  for (const char* alias : {"Ilona", "Femke", "Zsófia", "Desi", "Anouk", "Petra", "Joke", "Krystyna", "Tanja", "Grażyna", "Bea", "Tímea", "Lupe",
                            "Saskia", "Karin", "Nadia", "Yvonne", "Wioletta", "Gül", "Rumyana", "Orsolya", "Hatice", "Camelia", "Ulrike", "Pilar"}) {
    records.push_back(called({alias}));
  }
  return records;
}

}  // namespace lantaarn::support
