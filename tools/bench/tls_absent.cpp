#include "tools/bench/tls.hpp"

namespace lantaarn::bench {

bool tls_is_installed() { return false; }
std::string tls_name() { return "OpenSSL TLS 1.3: not installed"; }
Result<double> tls_handshakes_per_second(int) { return bug("bench: no TLS"); }
Result<double> tls_megabytes_per_second(std::size_t, std::size_t) { return bug("bench: no TLS"); }

}  // namespace lantaarn::bench
