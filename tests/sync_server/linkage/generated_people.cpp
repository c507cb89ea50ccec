#include "tests/sync_server/linkage/generated_people.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <random>
#include <span>
#include <string_view>

namespace lantaarn::support {
namespace {

using server::linkage::LinkRecord;

constexpr std::string_view kDutchFirst[] = {"Johanna", "Maria", "Anna", "Elisabeth", "Cornelia", "Wilhelmina", "Catharina", "Sanne", "Lotte", "Femke", "Marieke", "Ingrid", "Esther", "Monique", "Petra", "Saskia", "Yvonne", "Mirjam", "Anouk", "Iris", "Roos", "Sophie", "Floor", "Jolanda"};
constexpr std::string_view kGermanFirst[] = {"Ursula", "Monika", "Petra", "Sabine", "Renate", "Helga", "Karin", "Brigitte", "Ingrid", "Andrea", "Heike", "Stefanie", "Birgit", "Gisela", "Jutta", "Katharina", "Silke", "Franziska", "Anja", "Claudia", "Wiebke", "Ulrike"};
constexpr std::string_view kRomanianFirst[] = {"Maria", "Elena", "Ioana", "Andreea", "Mihaela", "Cristina", "Roxana", "Ștefania", "Raluca", "Gabriela", "Nicoleta", "Daniela", "Simona", "Loredana", "Adriana", "Florentina", "Mădălina", "Camelia", "Ileana", "Georgeta"};
constexpr std::string_view kBulgarianFirst[] = {"Мария", "Елена", "Ivanka", "Desislava", "Gergana", "Tsvetelina", "Radostina", "Snezhana", "Yordanka", "Petya", "Vesela", "Милена", "Silviya", "Polina", "Zdravka", "Nadezhda", "Kalina", "Teodora", "Rumyana", "Albena"};
constexpr std::string_view kPolishFirst[] = {"Agnieszka", "Małgorzata", "Katarzyna", "Krystyna", "Elżbieta", "Magdalena", "Joanna", "Zofia", "Ewa", "Bożena", "Grażyna", "Aleksandra", "Beata", "Dorota", "Jadwiga", "Halina", "Wioletta", "Iwona", "Sylwia", "Weronika"};
constexpr std::string_view kHungarianFirst[] = {"Erzsébet", "Ilona", "Katalin", "Éva", "Zsuzsanna", "Ágnes", "Judit", "Ildikó", "Gabriella", "Krisztina", "Zsófia", "Eszter", "Mónika", "Boglárka", "Réka", "Tímea", "Szilvia", "Anikó", "Orsolya", "Dorottya"};
constexpr std::string_view kSpanishFirst[] = {"María", "Carmen", "Josefa", "Isabel", "Dolores", "Pilar", "Teresa", "Ximena", "Guadalupe", "Rosario", "Mercedes", "Francisca", "Lucía", "Beatriz", "Yolanda", "Silvia", "Alejandra", "Catalina", "Inés", "Paloma"};

constexpr std::string_view kDutchFamily[] = {"Berg", "Bosch", "Dijk", "Velde", "Meer", "Linden", "Brink", "Heuvel", "Wal", "Vliet", "Beek", "Horst", "Broek", "Haar", "Kamp", "Ploeg", "Steen", "Veen", "Wijn", "Zand"};
constexpr std::string_view kDutchEnds[] = {"", "s", "en", "er", "ers", "stra", "ma", "huis", "man", "sma", "sen", "ink"};
constexpr std::string_view kGermanFamily[] = {"Müll", "Schmid", "Schneid", "Wagn", "Beck", "Schäf", "Bau", "Hoffm", "Lang", "Krüg", "Hartm", "Bruck", "Stein", "Eich", "Rosen", "Lind", "Wald", "Kirch", "Neu", "Alt"};
constexpr std::string_view kGermanEnds[] = {"er", "t", "mann", "bach", "berg", "feld", "burg", "hauer", "meier", "stein", "ke", "ing"};
constexpr std::string_view kRomanianFamily[] = {"Ion", "Pop", "Dumitr", "Stan", "Mar", "Const", "Vasil", "Georg", "Rad", "Munte", "Nicol", "Petr", "Ungur", "Lup", "Tudor", "Diac", "Flor", "Băl", "Șerb", "Cioc"};
constexpr std::string_view kRomanianEnds[] = {"escu", "u", "an", "ache", "oiu", "eanu", "aru", "ea", "oaie", "ică"};
constexpr std::string_view kBulgarianFamily[] = {"Ivan", "Dimitr", "Georg", "Petr", "Stoyan", "Hrist", "Todor", "Nikol", "Ilie", "Vasil", "Kolar", "Angel", "Borisl", "Kostad", "Mihayl", "Yord", "Zlat", "Chavd", "Rus", "Popd"};
constexpr std::string_view kBulgarianEnds[] = {"ova", "eva", "inova", "chieva", "anova", "ska", "ilova", "arova"};
constexpr std::string_view kPolishFamily[] = {"Kowal", "Wiśniew", "Kamiń", "Lewandow", "Zieliń", "Szymań", "Woźniak", "Dąbrow", "Kozłow", "Jankow", "Mazur", "Krawczy", "Grabow", "Pawłow", "Michal", "Nowak", "Wróblew", "Jabłoń", "Sikor", "Czerw"};
constexpr std::string_view kPolishEnds[] = {"ska", "ska", "czyk", "owicz", "ek", "icka", "ik", "owa"};
constexpr std::string_view kHungarianFamily[] = {"Nagy", "Kovács", "Tóth", "Szabó", "Horváth", "Varga", "Kiss", "Molnár", "Németh", "Farkas", "Balogh", "Papp", "Takács", "Juhász", "Lakatos", "Mészáros", "Oláh", "Simon", "Rácz", "Fekete"};
constexpr std::string_view kHungarianEnds[] = {"", "né", "i", "falvi", "házi", "dy"};
constexpr std::string_view kSpanishFamily[] = {"Garc", "Martín", "Rodrígu", "Gonzál", "Fernánd", "Lóp", "Sánch", "Pér", "Góm", "Jimén", "Hernánd", "Díaz", "Muñ", "Álvar", "Gutiérr", "Castill", "Villal", "Quint", "Salced", "Estrell"};
constexpr std::string_view kSpanishEnds[] = {"ez", "ía", "o", "ana", "ero", "obos", "ada", "al"};

struct Tongue {
  std::span<const std::string_view> first, family, ends;
};
constexpr Tongue kTongues[] = {{kDutchFirst, kDutchFamily, kDutchEnds},          {kGermanFirst, kGermanFamily, kGermanEnds},
                               {kRomanianFirst, kRomanianFamily, kRomanianEnds}, {kBulgarianFirst, kBulgarianFamily, kBulgarianEnds},
                               {kPolishFirst, kPolishFamily, kPolishEnds},       {kHungarianFirst, kHungarianFamily, kHungarianEnds},
                               {kSpanishFirst, kSpanishFamily, kSpanishEnds}};

// What people hear: either may be written for the other.
constexpr std::pair<std::string_view, std::string_view> kHeard[] = {
    {"sz", "s"}, {"sch", "sh"}, {"ij", "y"}, {"c", "k"}, {"ph", "f"}, {"th", "t"}, {"w", "v"}, {"i", "y"}, {"y", "j"}, {"ks", "x"},
    {"cz", "ch"}, {"ei", "ai"}, {"z", "s"}, {"ie", "i"}, {"ü", "ue"}, {"ä", "ae"}, {"ll", "l"}, {"nn", "n"}, {"tt", "t"}, {"ou", "u"},
};
// What people misread.
constexpr std::pair<std::string_view, std::string_view> kRead[] = {{"m", "rn"}, {"l", "i"}, {"o", "a"}, {"u", "v"}, {"e", "c"}, {"h", "b"}, {"g", "q"}};
constexpr std::pair<std::string_view, std::string_view> kShort[] = {
    {"Johanna", "Hanneke"}, {"Elisabeth", "Liesbeth"}, {"Catharina", "Tineke"}, {"Wilhelmina", "Willemijn"}, {"Maria", "Marijke"},
    {"Roxana", "Roxy"}, {"Elena", "Lena"}, {"Mihaela", "Miha"}, {"Magdalena", "Magda"}, {"Katarzyna", "Kasia"}, {"Małgorzata", "Gosia"},
    {"Zsuzsanna", "Zsuzsa"}, {"Erzsébet", "Bözsi"}, {"Francisca", "Paca"}, {"Guadalupe", "Lupe"}, {"Desislava", "Desi"},
    {"Aleksandra", "Ola"}, {"Katharina", "Kathi"}, {"Stefanie", "Steffi"}, {"Nadezhda", "Nadia"}, {"Daniela", "Dani"}, {"Teresa", "Resi"},
};

class Generator {
 public:
  explicit Generator(const PeopleSettings& settings) : settings_(settings), engine_(settings.seed) {}

  GeneratedPeople run() {
    std::vector<std::pair<LinkRecord, std::string>> made;
    const auto share = settings_.duplicates;
    for (std::size_t person = 0; made.size() < settings_.records; ++person) {
      const LinkRecord original = draw_person();
      const std::string who = std::to_string(person);
      made.emplace_back(original, who);
      // So many on average that `share` of all records are duplicates.
      const double mean = share / (1 - share);
      unsigned copies = 0;
      while (copies < settings_.duplicates_max && chance(mean / (1 + mean))) ++copies;
      for (unsigned i = 0; i < copies && made.size() < settings_.records; ++i) made.emplace_back(changed(original), who);
    }
    std::shuffle(made.begin(), made.end(), engine_);
    GeneratedPeople people;
    for (std::size_t i = 0; i < made.size(); ++i) {
      made[i].first.id = std::to_string(i);
      people.records.push_back(std::move(made[i].first));
      people.truth.push_back(std::move(made[i].second));
    }
    return people;
  }

 private:
  std::uint64_t below(std::uint64_t limit) { return engine_() % limit; }
  bool chance(double p) { return static_cast<double>(engine_() >> 11) * 0x1p-53 < p; }
  // The first of a list is the commonest name.
  std::string_view popular(std::span<const std::string_view> list) {
    const double at = std::pow(static_cast<double>(below(1'000'000)) / 1'000'000, 1.6);
    return list[static_cast<std::size_t>(at * static_cast<double>(list.size()))];
  }

  LinkRecord draw_person() {
    const Tongue& tongue = kTongues[below(std::size(kTongues))];
    LinkRecord record;
    record.given.emplace_back(popular(tongue.first));
    if (chance(0.08)) record.given.emplace_back(popular(tongue.first));
    record.family.push_back(std::string(popular(tongue.family)) + std::string(popular(tongue.ends)));
    if (chance(0.05)) record.family[0] = "van der " + record.family[0];
    record.birth_year = 1945 + static_cast<int>(below(62));
    record.birth_month = 1 + static_cast<int>(below(12));
    record.birth_day = 1 + static_cast<int>(below(28));
    return record;
  }

  LinkRecord changed(const LinkRecord& original) {
    LinkRecord record = original;
    const std::uint64_t changes = 1 + below(settings_.changes_max);
    for (std::uint64_t i = 0; i < changes; ++i) change(record);
    return record;
  }

  void change(LinkRecord& record) {
    switch (below(20)) {
      case 0: case 1: case 2: return misspell(record.given);
      case 3: case 4: case 5: case 6: return misspell(record.family);
      case 7: return respell(record.given, kHeard);
      case 8: case 9: return respell(record.family, kHeard);
      case 10: return respell(below(2) == 0 ? record.given : record.family, kRead);
      case 11: return shorten(record.given);
      case 12: return std::swap(record.given, record.family);
      case 13: return mistype(record.birth_year, 4);
      case 14: return mistype(record.birth_month, 2);
      case 15: return mistype(record.birth_day, 2);
      case 16: return std::swap(record.birth_month, record.birth_day);
      case 17: return record.given.clear();
      case 18: return forget_birth(record);
      default: if (record.given.size() > 1) record.given.pop_back();
    }
  }

  void forget_birth(LinkRecord& record) {
    const auto what = below(3);
    if (what != 1) record.birth_month.reset(), record.birth_day.reset();
    if (what == 1 || what == 2) record.birth_year.reset();
  }

  void misspell(std::vector<std::string>& names) {
    if (names.empty() || names[0].size() < 3) return;
    std::string& name = names[0];
    const auto at = static_cast<std::ptrdiff_t>(1 + below(name.size() - 2));
    const auto letter = static_cast<char>('a' + below(26));
    const auto is_plain = [&](std::ptrdiff_t i) { return static_cast<unsigned char>(name[static_cast<std::size_t>(i)]) < 0x80; };
    if (!is_plain(at) || !is_plain(at + 1)) return;
    switch (below(4)) {
      case 0: name.insert(name.begin() + at, letter); return;
      case 1: name.erase(name.begin() + at); return;
      case 2: name[static_cast<std::size_t>(at)] = letter; return;
      default: std::swap(name[static_cast<std::size_t>(at)], name[static_cast<std::size_t>(at) + 1]);
    }
  }

  void respell(std::vector<std::string>& names, std::span<const std::pair<std::string_view, std::string_view>> table) {
    if (names.empty()) return;
    const std::size_t start = below(table.size());
    for (std::size_t i = 0; i < table.size(); ++i) {
      auto [from, to] = table[(start + i) % table.size()];
      if (below(2) == 0) std::swap(from, to);
      const auto at = names[0].find(from);
      if (at == std::string::npos) continue;
      names[0].replace(at, from.size(), to);
      return;
    }
  }

  static void shorten(std::vector<std::string>& names) {
    for (const auto& [name, shorter] : kShort) {
      if (!names.empty() && names[0] == name) names[0] = shorter;
    }
  }

  void mistype(std::optional<int>& number, int digits) {
    if (!number) return;
    std::string text = std::to_string(*number);
    text.insert(0, static_cast<std::size_t>(digits) - std::min(text.size(), static_cast<std::size_t>(digits)), '0');
    if (below(2) == 0) std::swap(text[text.size() - 1], text[text.size() - 2]);
    else text[text.size() - 1 - below(2)] = static_cast<char>('0' + below(10));
    number = std::stoi(text);
  }

  const PeopleSettings& settings_;
  std::mt19937_64 engine_;
};

std::string joined(const std::vector<std::string>& names, std::size_t at) { return at < names.size() ? names[at] : std::string(); }
std::string shown(const std::optional<int>& number) { return number ? std::to_string(*number) : std::string(); }

}  // namespace

GeneratedPeople generate_people(const PeopleSettings& settings) { return Generator(settings).run(); }

std::string csv_of(const GeneratedPeople& people) {
  std::string csv = "rec_id,first_name_1,first_name_2,last_name_1,last_name_2,birth_year,birth_month,birth_day,person_id\n";
  for (std::size_t i = 0; i < people.records.size(); ++i) {
    const LinkRecord& record = people.records[i];
    csv += record.id + "," + joined(record.given, 0) + "," + joined(record.given, 1) + "," + joined(record.family, 0) + "," +
           joined(record.family, 1) + "," + shown(record.birth_year) + "," + shown(record.birth_month) + "," + shown(record.birth_day) +
           "," + people.truth[i] + "\n";
  }
  return csv;
}

}  // namespace lantaarn::support
