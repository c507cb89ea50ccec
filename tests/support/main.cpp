#define CATCH_CONFIG_RUNNER
#include <catch2/catch.hpp>

#include "common/crypto/secret.hpp"
#include "common/words/words.hpp"

int main(int argc, char** argv) {
  if (!lantaarn::crypto::initialise().ok()) return 1;
  lantaarn::words::initialise();
  return Catch::Session().run(argc, argv);
}
