#pragma once
// The second copy's files, byte for byte. FORMAT.md is the document; tests/vectors/backup holds golden bytes.

#include <string_view>

#include "common/crypto/hash.hpp"
#include "common/crypto/seal.hpp"
#include "common/crypto/sealed_stream.hpp"
#include "common/crypto/sign.hpp"

namespace lantaarn::server::backup {

inline constexpr std::uint32_t kBackupVersion = 1;
inline constexpr std::size_t kMagicBytes = 8;
inline constexpr std::string_view kTargetMagic = "LANTTARG";
inline constexpr std::string_view kManifestMagic = "LANTMANI";
inline constexpr std::string_view kChunkMagic = "LANTCHNK";
inline constexpr std::string_view kKeyringMagic = "LANTKEYS";
inline constexpr std::string_view kOwnLogMagic = "LANTOWNL";
inline constexpr std::string_view kInboxMagic = "LANTINBX";

// What the authority signs, each for itself.
inline constexpr std::string_view kTargetContext = "lantaarn backup target v1";
inline constexpr std::string_view kManifestContext = "lantaarn backup manifest v1";
inline constexpr std::string_view kKeyringContext = "lantaarn backup keyring v1";

// Files of a target.
inline constexpr const char* kTargetFile = "target";
inline constexpr const char* kKeyringFile = "keyring";
inline constexpr const char* kOwnLogFile = "own.log";
inline constexpr const char* kInboxFile = "inbox.log";
inline constexpr const char* kBackupsFolder = "backups";
inline constexpr const char* kChunksFolder = "chunks";

/// A sealed file: magic ‖ u32 version ‖ sealed box of its key ‖ stream header; then parts.
inline constexpr std::size_t kFileKeyBoxBytes = crypto::Key::kBytes + crypto::kSealedBoxOverhead;
inline constexpr std::size_t kSealedHeadBytes = kMagicBytes + 4 + kFileKeyBoxBytes + crypto::kStreamHeaderBytes;
inline constexpr std::size_t kSealedPartBytes = 64 * 1024;  ///< of plain text in one part
static_assert(kFileKeyBoxBytes == 80 && kSealedHeadBytes == 116);

/// A shipped file: magic ‖ u32 version ‖ server id ‖ target id; then records: u32 bytes ‖ BLAKE2b-128 ‖ payload.
inline constexpr std::size_t kShippedHeadBytes = kMagicBytes + 4 + 16 + 16;
inline constexpr std::size_t kRecordHeadBytes = 4 + 16;
inline constexpr std::size_t kRecordBytesMax = 1024 * 1024;
static_assert(kShippedHeadBytes == 44 && kRecordHeadBytes == 20);

/// Seqs 0–255, 256–511, … of one chain of the event store go into one chunk.
inline constexpr std::uint64_t kEntriesPerChunk = 256;
inline constexpr std::size_t kMarkBytes = 16;

enum class ChunkKind : std::uint32_t { kEntries = 1, kState = 2 };

}  // namespace lantaarn::server::backup
