#include "firmware_app/vault/tpm_secret.hpp"

#include <tss2/tss2_esys.h>
#include <tss2/tss2_mu.h>
#include <tss2/tss2_tctildr.h>

#include <cstdio>
#include <cstdlib>
#include <memory>

#include "common/crypto/random.hpp"

namespace lantaarn::firmware {
namespace {

// The file: version ‖ TPM2B_PUBLIC ‖ TPM2B_PRIVATE, as the TPM marshals them.
constexpr std::uint8_t kVersion = 1;
constexpr std::size_t kObjectBytesMax = 1024;

struct FreeEsys {
  void operator()(void* from_esys) const { Esys_Free(from_esys); }
};
template <typename T>
using FromEsys = std::unique_ptr<T, FreeEsys>;

Error unreachable(const char* step, TSS2_RC code) {
  char hex[16];
  std::snprintf(hex, sizeof hex, "0x%x", code);
  return in_context(retry("tpm_unreachable"), std::string("tpm ") + step + " " + hex);
}

// One conversation with the chip; whatever it holds for us there goes with it.
class Chip {
 public:
  static Result<std::unique_ptr<Chip>> open(const std::string& tcti) {
    // The library writes to standard error of its own accord; what goes wrong is ours to say, in one line.
    ::setenv("TSS2_LOG", "all+NONE", 0);
    auto chip = std::unique_ptr<Chip>(new Chip);
    if (const auto code = Tss2_TctiLdr_Initialize(tcti.c_str(), &chip->tcti_); code != TSS2_RC_SUCCESS) return unreachable("open", code);
    if (const auto code = Esys_Initialize(&chip->esys_, chip->tcti_, nullptr); code != TSS2_RC_SUCCESS) return unreachable("start", code);
    return chip;
  }
  ~Chip() {
    for (const ESYS_TR handle : {session_, object_, storage_}) {
      if (handle != ESYS_TR_NONE) Esys_FlushContext(esys_, handle);
    }
    if (esys_ != nullptr) Esys_Finalize(&esys_);
    if (tcti_ != nullptr) Tss2_TctiLdr_Finalize(&tcti_);
  }
  Chip(const Chip&) = delete;
  Chip& operator=(const Chip&) = delete;

  Status begin();
  Result<Bytes> seal(const crypto::Key& secret);
  Result<crypto::Key> unseal(ByteView stored);

 private:
  Chip() = default;
  TSS2_TCTI_CONTEXT* tcti_ = nullptr;
  ESYS_CONTEXT* esys_ = nullptr;
  ESYS_TR storage_ = ESYS_TR_NONE;  // the storage key, derived anew from the chip's seed each time
  ESYS_TR session_ = ESYS_TR_NONE;
  ESYS_TR object_ = ESYS_TR_NONE;
};

// The template is part of what makes the key: changing it makes every sealed object unreadable.
TPM2B_PUBLIC storage_template() {
  TPM2B_PUBLIC key{};
  key.publicArea.type = TPM2_ALG_ECC;
  key.publicArea.nameAlg = TPM2_ALG_SHA256;
  key.publicArea.objectAttributes = TPMA_OBJECT_FIXEDTPM | TPMA_OBJECT_FIXEDPARENT | TPMA_OBJECT_SENSITIVEDATAORIGIN | TPMA_OBJECT_USERWITHAUTH |
                                    TPMA_OBJECT_NODA | TPMA_OBJECT_RESTRICTED | TPMA_OBJECT_DECRYPT;
  auto& ecc = key.publicArea.parameters.eccDetail;
  ecc.symmetric.algorithm = TPM2_ALG_AES;
  ecc.symmetric.keyBits.aes = 128;
  ecc.symmetric.mode.aes = TPM2_ALG_CFB;
  ecc.scheme.scheme = TPM2_ALG_NULL;
  ecc.curveID = TPM2_ECC_NIST_P256;
  ecc.kdf.scheme = TPM2_ALG_NULL;
  return key;
}

TPM2B_PUBLIC sealed_template() {
  TPM2B_PUBLIC object{};
  object.publicArea.type = TPM2_ALG_KEYEDHASH;
  object.publicArea.nameAlg = TPM2_ALG_SHA256;
  object.publicArea.objectAttributes = TPMA_OBJECT_FIXEDTPM | TPMA_OBJECT_FIXEDPARENT | TPMA_OBJECT_USERWITHAUTH | TPMA_OBJECT_NODA;
  object.publicArea.parameters.keyedHashDetail.scheme.scheme = TPM2_ALG_NULL;
  return object;
}

// The storage key, and a session salted with it that encrypts the first parameter of commands and answers.
Status Chip::begin() {
  const TPM2B_SENSITIVE_CREATE nothing{};
  const TPM2B_DATA no_data{};
  const TPML_PCR_SELECTION no_pcr{};
  const TPM2B_PUBLIC key = storage_template();
  if (const auto code = Esys_CreatePrimary(esys_, ESYS_TR_RH_OWNER, ESYS_TR_PASSWORD, ESYS_TR_NONE, ESYS_TR_NONE, &nothing, &key, &no_data, &no_pcr,
                                           &storage_, nullptr, nullptr, nullptr, nullptr);
      code != TSS2_RC_SUCCESS) {
    return unreachable("storage key", code);
  }
  TPMT_SYM_DEF cipher{};
  cipher.algorithm = TPM2_ALG_AES;
  cipher.keyBits.aes = 128;
  cipher.mode.aes = TPM2_ALG_CFB;
  if (const auto code = Esys_StartAuthSession(esys_, storage_, ESYS_TR_NONE, ESYS_TR_NONE, ESYS_TR_NONE, ESYS_TR_NONE, nullptr, TPM2_SE_HMAC, &cipher,
                                              TPM2_ALG_SHA256, &session_);
      code != TSS2_RC_SUCCESS) {
    return unreachable("session", code);
  }
  constexpr TPMA_SESSION kEncrypted = TPMA_SESSION_CONTINUESESSION | TPMA_SESSION_DECRYPT | TPMA_SESSION_ENCRYPT;
  const auto code = Esys_TRSess_SetAttributes(esys_, session_, kEncrypted, 0xff);
  return code == TSS2_RC_SUCCESS ? Status{} : Status(unreachable("session", code));
}

Result<Bytes> Chip::seal(const crypto::Key& secret) {
  TPM2B_SENSITIVE_CREATE sensitive{};
  sensitive.sensitive.data.size = static_cast<UINT16>(secret.view().size());
  std::memcpy(sensitive.sensitive.data.buffer, secret.data(), secret.view().size());
  const TPM2B_PUBLIC object = sealed_template();
  const TPM2B_DATA no_data{};
  const TPML_PCR_SELECTION no_pcr{};
  TPM2B_PRIVATE* private_part = nullptr;
  TPM2B_PUBLIC* public_part = nullptr;
  const auto code = Esys_Create(esys_, storage_, session_, ESYS_TR_NONE, ESYS_TR_NONE, &sensitive, &object, &no_data, &no_pcr, &private_part,
                                &public_part, nullptr, nullptr, nullptr);
  crypto::wipe({reinterpret_cast<std::uint8_t*>(&sensitive), sizeof sensitive});
  const FromEsys<TPM2B_PRIVATE> owned_private(private_part);
  const FromEsys<TPM2B_PUBLIC> owned_public(public_part);
  if (code != TSS2_RC_SUCCESS) return unreachable("seal", code);
  Bytes stored(kObjectBytesMax);
  stored[0] = kVersion;
  std::size_t at = 1;
  if (Tss2_MU_TPM2B_PUBLIC_Marshal(public_part, stored.data(), stored.size(), &at) != TSS2_RC_SUCCESS ||
      Tss2_MU_TPM2B_PRIVATE_Marshal(private_part, stored.data(), stored.size(), &at) != TSS2_RC_SUCCESS) {
    return bug("tpm: the sealed object is larger than a TPM makes one");
  }
  stored.resize(at);
  return stored;
}

Result<crypto::Key> Chip::unseal(ByteView stored) {
  TPM2B_PUBLIC public_part{};
  TPM2B_PRIVATE private_part{};
  std::size_t at = 1;
  if (stored.empty() || stored[0] != kVersion ||
      Tss2_MU_TPM2B_PUBLIC_Unmarshal(stored.data(), stored.size(), &at, &public_part) != TSS2_RC_SUCCESS ||
      Tss2_MU_TPM2B_PRIVATE_Unmarshal(stored.data(), stored.size(), &at, &private_part) != TSS2_RC_SUCCESS || at != stored.size()) {
    return corrupt("device_secret_missing");
  }
  // The chip refuses what it did not seal itself, and what was changed.
  if (Esys_Load(esys_, storage_, session_, ESYS_TR_NONE, ESYS_TR_NONE, &private_part, &public_part, &object_) != TSS2_RC_SUCCESS) {
    return corrupt("device_secret_wrong");
  }
  TPM2B_SENSITIVE_DATA* data = nullptr;
  const auto code = Esys_Unseal(esys_, object_, session_, ESYS_TR_NONE, ESYS_TR_NONE, &data);
  const FromEsys<TPM2B_SENSITIVE_DATA> owned(data);
  if (code != TSS2_RC_SUCCESS) return unreachable("unseal", code);
  auto secret = crypto::Key::from(ByteView(data->buffer, data->size));
  crypto::wipe({data->buffer, sizeof data->buffer});
  if (!secret) return corrupt("device_secret_wrong");
  return std::move(*secret);
}

Result<std::unique_ptr<Chip>> begun(const std::string& tcti) {
  LANTAARN_ASSIGN(auto chip, Chip::open(tcti));
  LANTAARN_TRY(chip->begin());
  return chip;
}

}  // namespace

bool TpmDeviceSecret::is_there(const std::string& tcti) {
  const auto chip = Chip::open(tcti);
  return chip.ok() && (*chip)->begin().ok();
}

Result<crypto::Key> TpmDeviceSecret::read() const {
  LANTAARN_ASSIGN(const Bytes stored, read_secret_file(path_, kObjectBytesMax));
  LANTAARN_ASSIGN(const auto chip, begun(tcti_));
  return chip->unseal(stored);
}

Result<crypto::Key> TpmDeviceSecret::read_or_make() {
  auto there = read();
  if (there.ok() || there.error().code != "device_secret_missing") return there;
  LANTAARN_ASSIGN(const auto chip, begun(tcti_));
  auto secret = crypto::random_secret<crypto::Key::kBytes>();
  LANTAARN_ASSIGN(const Bytes stored, chip->seal(secret));
  LANTAARN_TRY(write_secret_file(path_, stored));
  return secret;
}

}  // namespace lantaarn::firmware
