#pragma once
// Action codes of NEN 7513 (5.4, "soort gebeurtenis"), after the audit message of DICOM/RFC 3881 that it builds on.

#include <cstdint>

namespace lantaarn::server::access {

enum class Action : char { kCreate = 'C', kRead = 'R', kUpdate = 'U', kDelete = 'D', kExecute = 'E' };

}  // namespace lantaarn::server::access
