#pragma once
// What a command answers: one JSON document, and files that the one who asked has to write (tickets: the server
// process does not know the caller's folder or umask).

#include <boost/json/value.hpp>
#include <optional>
#include <string>
#include <vector>

#include "common/base/id.hpp"
#include "common/base/result.hpp"

namespace lantaarn::server::admin {

struct FileToWrite {
  std::string path;     ///< as the caller typed it
  std::string content;  ///< may hold a secret: written 0600, never over an existing file
};

struct Output {
  boost::json::value document;
  std::vector<FileToWrite> files = {};
  std::optional<ClientId> opened = {};  ///< whose record was opened; nothing: nobody's, or several
};

using Answer = Result<Output>;

}  // namespace lantaarn::server::admin
