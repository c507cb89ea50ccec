#pragma once
// Inside the registry: prepared statements, kept by their text.

#include <string_view>
#include <unordered_map>
#include <vector>

#include "common/database/database.hpp"

namespace lantaarn::server {

/// A statement lent out; reset when the loan ends. The same text may be lent again meanwhile (a visitor that reads).
class Loan {
 public:
  Loan(std::vector<database::Statement>& home, database::Statement statement) : home_(&home), statement_(std::move(statement)) {}
  Loan(Loan&& other) noexcept : home_(std::exchange(other.home_, nullptr)), statement_(std::move(other.statement_)) {}
  Loan& operator=(Loan&&) = delete;
  Loan(const Loan&) = delete;
  Loan& operator=(const Loan&) = delete;
  ~Loan() {
    if (home_ == nullptr) return;
    statement_.reset();
    home_->push_back(std::move(statement_));
  }
  database::Statement* operator->() { return &statement_; }
  database::Statement& operator*() { return statement_; }

 private:
  std::vector<database::Statement>* home_;
  database::Statement statement_;
};

class Statements {
 public:
  explicit Statements(database::Database& database) : database_(database) {}
  /// `sql` must be a literal: it is known by its address.
  [[nodiscard]] Result<Loan> get(std::string_view sql) {
    auto& home = homes_[sql.data()];
    if (home.empty()) {
      LANTAARN_ASSIGN(auto fresh, database_.prepare(sql));
      return Loan(home, std::move(fresh));
    }
    Loan loan(home, std::move(home.back()));
    home.pop_back();
    return loan;
  }
  [[nodiscard]] std::int64_t last_row_id() const { return database_.last_row_id(); }
  [[nodiscard]] std::int64_t changed_rows() const { return database_.changed_rows(); }
  [[nodiscard]] const std::string& name() const { return database_.name(); }

 private:
  database::Database& database_;
  std::unordered_map<const char*, std::vector<database::Statement>> homes_;  // node-based: homes stay put
};

}  // namespace lantaarn::server
