#pragma once
// The page's server as it runs at a workplace: a folder of years, people with accounts, handhelds that come back with an
// evening, and `lantaarn-server serve --web` over TLS 1.3 with a certificate of its own.

#include "tools/bench/page_years.hpp"
#include "tools/bench/town.hpp"

namespace lantaarn::bench {

inline constexpr std::size_t kPagePeople = 20;
inline constexpr std::size_t kEveningEntries = 50'000;
inline constexpr const char* kPagePassword = "a lantern in the window";

struct PagePerson {
  UserId id;
  std::string name, role;
  Bytes totp_secret;
  std::vector<ClientId> clients;  ///< whose dossier she may open: her caseload, or what a coordinator gave a reason for
};

class PageTown {
 public:
  /// `evenings` handhelds wait with kEveningEntries contacts each. Takes minutes.
  [[nodiscard]] static Result<std::unique_ptr<PageTown>> found(const std::string& folder, std::size_t evenings);
  PageTown(const PageTown&) = delete;
  PageTown& operator=(const PageTown&) = delete;
  ~PageTown();

  [[nodiscard]] Status serve(const std::string& certificate, const std::string& key);
  [[nodiscard]] std::uint16_t port() const { return port_; }
  /// "localhost:8443": what Host has to be.
  [[nodiscard]] std::string authority() const { return "localhost:" + std::to_string(port_); }
  [[nodiscard]] const std::vector<PagePerson>& people() const { return people_; }
  [[nodiscard]] const ClientId& client(std::size_t number) const { return years_.clients[number % years_.clients.size()]; }

  /// One of the handhelds that wait comes in: seconds until everything is merged, durably.
  [[nodiscard]] Result<double> evening_seconds();
  /// Entries of the access log, every one of them verified.
  [[nodiscard]] Result<std::uint64_t> verified_entries() const;
  struct Megabytes {
    double now = 0;   ///< proportional set sizes (resident ones where the kernel does not tell), added up
    double peak = 0;  ///< resident peaks, added up
  };
  /// Of registry, gateway and web process.
  [[nodiscard]] Result<Megabytes> megabytes() const;

 private:
  PageTown(std::string folder, std::size_t evenings) : folder_(std::move(folder)), fleet_(evenings) {}
  [[nodiscard]] Status employ(server::admin::Context& context);
  [[nodiscard]] Status open_accounts(server::admin::Context& context);
  [[nodiscard]] Result<journal::Journal> evening_of(const FleetHandheld& handheld, std::uint64_t seed) const;
  [[nodiscard]] Result<std::string> command(const std::vector<std::string>& arguments) const;

  std::string folder_;
  ServerFacts facts_;
  Years years_;
  std::vector<PagePerson> people_;
  std::vector<FleetHandheld> fleet_;
  std::vector<journal::Journal> evenings_;  ///< of each
  std::size_t evenings_done_ = 0;
  std::string sync_address_;
  std::uint16_t port_ = 0;
  std::unique_ptr<support::Process> server_;
};

}  // namespace lantaarn::bench
