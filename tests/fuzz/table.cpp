// Somebody else's table, and what its columns mean here.
#include "sync_server/admin/csv_file.hpp"
#include "sync_server/admin/import_mapping.hpp"
#include "tests/fuzz/memory_file.hpp"

LANTAARN_FUZZ_TARGET(table) {
  Pieces pieces(input);
  const bool mapping = pieces.byte() % 2 == 1;
  const MemoryFile file(pieces.rest());
  if (mapping) {
    static_cast<void>(server::admin::read_mapping(file.path()));
    return;
  }
  std::size_t columns = 0;
  const auto done = server::admin::read_csv(
      file.path(), {[&](const server::admin::CsvFields& names) -> Status {
                      columns = names.size();
                      return {};
                    },
                    [&](std::uint64_t line, const server::admin::CsvFields& fields) -> Status {
                      promise(line > 0 && fields.size() == columns);
                      return {};
                    }});
  if (!done.ok()) promise(!done.error().code.empty());
}
