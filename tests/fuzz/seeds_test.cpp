#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>

#include "tests/fuzz/seeds.hpp"
#include "tests/support/temp_folder.hpp"
#include "tests/support/random.hpp"

namespace lantaarn::fuzz {
namespace {

namespace fs = std::filesystem;
const fs::path kSeeds = LANTAARN_SEEDS;

Bytes bend(std::string_view seed, std::size_t keep, support::Random& random) {
  Bytes bent = to_bytes(as_bytes(seed.substr(0, keep)));
  for (int flips = 0; flips < 3 && keep > 0; ++flips) {
    bent[random.below(keep)] ^= static_cast<std::uint8_t>(1U << random.below(8));
  }
  return bent;
}

}  // namespace

TEST_CASE("no decoder breaks a promise on what the fuzzers begin with, nor on that cut short or bent", "[fuzz]") {
  LANTAARN_RANDOM(random);
  std::size_t inputs = 0;
  for (const Target& target : targets()) {
    INFO(target.name);
    REQUIRE(fs::is_directory(kSeeds / target.name));
    for (const auto& file : fs::directory_iterator(kSeeds / target.name)) {
      const std::string seed = support::read_file(file.path().string());
      target.run(as_bytes(seed));
      for (int bent = 0; bent < 40; ++bent, ++inputs) {
        const Bytes other = bend(seed, bent % 2 == 0 ? random.below(seed.size() + 1) : seed.size(), random);
        target.run(other);
      }
    }
  }
  CHECK(inputs > 500);
}

TEST_CASE("writes the seeds anew", "[.seeds]") {
  for (const auto& [target, seeds] : make_seeds()) {
    fs::create_directories(kSeeds / target);
    for (const auto& [name, bytes] : seeds) {
      std::ofstream(kSeeds / target / name, std::ios::binary).write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
    }
  }
}

}  // namespace lantaarn::fuzz
