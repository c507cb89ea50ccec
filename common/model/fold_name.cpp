#include "common/model/fold_name.hpp"

#include <cstdint>

namespace lantaarn::model {
namespace {

// The base letter of U+00C0 … U+024F and of U+1E00 … U+1EFF; '.' where there is none.
constexpr char kLatin[] =
    "aaaaaa.ceeeeiiiidnooooo.ouuuuy..aaaaaa.ceeeeiiiidnooooo.ouuuuy.yaaaaaaccccccccdd"
    "ddeeeeeeeeeegggggggghhhhiiiiiiiiii..jjkkkllllll..llnnnnnn.nnoooooo..rrrrrrssssss"
    "ssttttttuuuuuuuuuuuuwwyyyzzzzzzsb........d.....e.......i..l.....oo.............u"
    "u....zz......................aaiioouuuuuuuuuu.aaaa..ggggkkoooo..j...gg..nnaa...."
    "aaaaeeeeiiiioooorrrruuuusstt..hh......aaeeooooooooyy............................";
constexpr char kLatinAdditional[] =
    "aabbbbbbccddddddddddeeeeeeeeeeffgghhhhhhhhhhiiiikkkkkkllllllllmmmmmmnnnnnnnnoooo"
    "oooopppprrrrrrrrssssssssssttttttttuuuuuuuuuuvvvvwwwwwwwwwwxxxxyyzzzzzzhtwy.s...."
    "aaaaaaaaaaaaaaaaaaaaaaaaeeeeeeeeeeeeeeeeiiiioooooooooooooooooooooooouuuuuuuuuuuu"
    "uuyyyyyyyy......";
static_assert(sizeof(kLatin) - 1 == 0x250 - 0xC0);
static_assert(sizeof(kLatinAdditional) - 1 == 0x1F00 - 0x1E00);

// Takes one code point off the front; 0 for a byte that begins none.
char32_t take_point(std::string_view& rest) {
  const auto lead = static_cast<std::uint8_t>(rest[0]);
  const std::size_t length = lead < 0x80 ? 1 : lead < 0xC2 ? 0 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : lead < 0xF5 ? 4 : 0;
  char32_t point = length == 1 ? lead : lead & (0xFFU >> (length + 1));
  bool whole = length != 0 && length <= rest.size();
  for (std::size_t i = 1; whole && i < length; ++i) {
    const auto next = static_cast<std::uint8_t>(rest[i]);
    whole = (next & 0xC0) == 0x80;
    point = (point << 6) | (next & 0x3F);
  }
  rest.remove_prefix(whole ? length : 1);
  return whole ? point : 0;
}

void put_point(std::string& out, char32_t point) {
  if (point < 0x80) {
    out.push_back(static_cast<char>(point));
  } else if (point < 0x800) {
    out.push_back(static_cast<char>(0xC0 | (point >> 6)));
    out.push_back(static_cast<char>(0x80 | (point & 0x3F)));
  } else {
    if (point < 0x10000) {
      out.push_back(static_cast<char>(0xE0 | (point >> 12)));
    } else {
      out.push_back(static_cast<char>(0xF0 | (point >> 18)));
      out.push_back(static_cast<char>(0x80 | ((point >> 12) & 0x3F)));
    }
    out.push_back(static_cast<char>(0x80 | ((point >> 6) & 0x3F)));
    out.push_back(static_cast<char>(0x80 | (point & 0x3F)));
  }
}

bool between(char32_t point, char32_t first, char32_t last) { return point >= first && point <= last; }

bool is_dropped(char32_t point) {
  return point == 0 || between(point, 0x300, 0x36F) || between(point, 0x64B, 0x65F) || point == 0x640 || point == 0x200D ||
         point == 0x200C || point == 0x200E || point == 0x200F || point == 0xFEFF;
}

char32_t fold_greek(char32_t point) {
  switch (point) {
    case 0x386: case 0x3AC: return 0x3B1;
    case 0x388: case 0x3AD: return 0x3B5;
    case 0x389: case 0x3AE: return 0x3B7;
    case 0x38A: case 0x3AF: case 0x390: case 0x3AA: case 0x3CA: return 0x3B9;
    case 0x38C: case 0x3CC: return 0x3BF;
    case 0x38E: case 0x3CD: case 0x3B0: case 0x3AB: case 0x3CB: return 0x3C5;
    case 0x38F: case 0x3CE: return 0x3C9;
    case 0x3A2: case 0x3C2: return 0x3C3;  // the first is no letter yet
    default: return between(point, 0x391, 0x3A9) ? point + 0x20 : point;
  }
}

char32_t fold_cyrillic(char32_t point) {
  if (between(point, 0x400, 0x40F)) point += 0x50;
  if (between(point, 0x410, 0x42F)) point += 0x20;
  switch (point) {
    case 0x450: case 0x451: return 0x435;
    case 0x439: case 0x45D: return 0x438;
    case 0x457: return 0x456;
    default: return between(point, 0x48A, 0x4BF) || between(point, 0x4D0, 0x52F) ? point | 1 : point;
  }
}

char32_t fold_point(char32_t point) {
  if (between(point, 0x370, 0x3FF)) return fold_greek(point);
  if (between(point, 0x400, 0x52F)) return fold_cyrillic(point);
  if (point == 0x622 || point == 0x623 || point == 0x625) return 0x627;
  if (between(point, 0x2010, 0x2015) || point == 0x2212) return '-';
  if (point == 0x2018 || point == 0x2019 || point == 0x2BC || point == '`' || point == 0xB4) return '\'';
  return point;
}

void put_latin(std::string& out, char32_t point) {
  switch (point) {
    case 0xC6: case 0xE6: out += "ae"; return;
    case 0x152: case 0x153: out += "oe"; return;
    case 0xDF: case 0x1E9E: out += "ss"; return;
    case 0xDE: case 0xFE: out += "th"; return;
    default: break;
  }
  const char base = between(point, 0xC0, 0x24F)     ? kLatin[point - 0xC0]
                    : between(point, 0x1E00, 0x1EFF) ? kLatinAdditional[point - 0x1E00]
                                                     : '.';
  if (base != '.') {
    out.push_back(base);
  } else {
    put_point(out, fold_point(point));
  }
}

}  // namespace

std::string fold_name(std::string_view name) {
  std::string out;
  bool gap = false;
  while (!name.empty()) {
    const char32_t point = take_point(name);
    if (point == ' ' || between(point, 0x09, 0x0D) || point == 0xA0 || between(point, 0x2000, 0x200B)) {
      gap = true;
      continue;
    }
    if (is_dropped(point)) continue;
    if (gap && !out.empty()) out.push_back(' ');
    gap = false;
    if (between(point, 'A', 'Z')) {
      out.push_back(static_cast<char>(point + ('a' - 'A')));
    } else {
      put_latin(out, point);
    }
  }
  return out;
}

}  // namespace lantaarn::model
