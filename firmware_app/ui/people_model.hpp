#pragma once
// The women of her caseload, for a list of thousands: those with something due first, then by name; narrowed as she types.

#include <QAbstractListModel>

#include "firmware_app/ui/refresh.hpp"

namespace lantaarn::firmware::ui {

class PeopleModel : public QAbstractListModel {
  Q_OBJECT
  Q_PROPERTY(QString query READ query WRITE setQuery NOTIFY queryChanged)
  Q_PROPERTY(int total READ total NOTIFY peopleChanged)

 public:
  explicit PeopleModel(Refresh& refresh);

  enum Role { kId = Qt::UserRole + 1, kName, kNames, kDue };
  [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
  [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
  [[nodiscard]] QHash<int, QByteArray> roleNames() const override;

  [[nodiscard]] QString query() const { return query_; }
  void setQuery(const QString& query);
  [[nodiscard]] int total() const { return static_cast<int>(people_.size()); }

 signals:
  void queryChanged();
  void peopleChanged();

 public:
  struct Person {
    QString id, name, names;
    std::vector<std::string> folded;
    bool due = false;
    bool operator==(const Person&) const = default;
  };

 private:
  void take(std::vector<Person> people);
  void narrow();

  std::vector<Person> people_;
  std::vector<std::size_t> found_;
  QString query_;
};

}  // namespace lantaarn::firmware::ui
