#include "sync_server/review/assets.hpp"

// LANTAARN_ASSET(id, path, type, file, etag) for each file; made by web/embed.cmake.
// .incbin: the assembler copies the file, where an array of numbers would take the compiler half a minute.
#define LANTAARN_ASSET(id, path, type, file, etag)                                                                     \
  __asm__(".pushsection .rodata\n"                                                                                     \
          ".global lantaarn_asset_" #id "\nlantaarn_asset_" #id ":\n.incbin \"" file "\"\n"                            \
          ".global lantaarn_asset_" #id "_zipped\nlantaarn_asset_" #id "_zipped:\n.incbin \"" file ".gz\"\n"           \
          ".global lantaarn_asset_" #id "_end\nlantaarn_asset_" #id "_end:\n.byte 0\n.popsection\n");                  \
  extern "C" const std::uint8_t lantaarn_asset_##id[];                                                                 \
  extern "C" const std::uint8_t lantaarn_asset_##id##_zipped[];                                                        \
  extern "C" const std::uint8_t lantaarn_asset_##id##_end[];
#include "sync_server/review/web/assets.inc"
#undef LANTAARN_ASSET

namespace lantaarn::server::review {

std::span<const Asset> assets() {
#define LANTAARN_ASSET(id, path, type, file, etag)                                  \
  Asset{path, type, ByteView(lantaarn_asset_##id, lantaarn_asset_##id##_zipped),    \
        ByteView(lantaarn_asset_##id##_zipped, lantaarn_asset_##id##_end), etag},
  static const Asset all[] = {
#include "sync_server/review/web/assets.inc"
  };
#undef LANTAARN_ASSET
  return all;
}

}  // namespace lantaarn::server::review
