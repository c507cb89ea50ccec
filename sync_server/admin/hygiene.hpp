#pragma once
// What every process of the server does before it touches a key.

namespace lantaarn::server::admin {

/// No core dumps, no reading of this process's memory by others of the same user (PR_SET_DUMPABLE 0), files made for
/// the owner only (umask 077), no death by a closed pipe or socket.
void tidy_process();

}  // namespace lantaarn::server::admin
