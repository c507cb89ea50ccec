#include "tools/bench/bench.hpp"

namespace lantaarn::bench {

Result<Rows> bench_page(const Setting&) { return bug("bench: no OpenSSL, no page"); }

}  // namespace lantaarn::bench
