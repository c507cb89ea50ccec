#include "common/crypto/hash.hpp"
#include "sync_server/merge/losses.hpp"
#include "sync_server/merge/merge.hpp"

namespace lantaarn::server {
namespace {

// One line of the registry: fields with their lengths, so that no two different lines read the same.
class Line {
 public:
  explicit Line(std::string_view what) { text(what); }
  Line& text(std::string_view value) { return bytes(as_bytes(value)); }
  Line& bytes(ByteView value) {
    append_le(bytes_, static_cast<std::uint32_t>(value.size()));
    append(bytes_, value);
    return *this;
  }
  Line& number(std::int64_t value) {
    append_le(bytes_, static_cast<std::uint64_t>(value));
    return *this;
  }
  template <typename T>
  Line& optional(const std::optional<T>& value) {
    number(value ? 1 : 0);
    if constexpr (std::is_integral_v<T>) return number(value ? static_cast<std::int64_t>(*value) : 0);
    else return value ? bytes(value->view()) : *this;
  }
  Line& fields(const std::vector<FieldView>& fields) {
    number(static_cast<std::int64_t>(fields.size()));
    for (const FieldView& field : fields) {
      text(field.field).number(static_cast<std::int64_t>(field.heads.size()));
      for (const FieldHead& head : field.heads) {
        bytes(head.from.event.view()).bytes(head.from.author.view()).bytes(head.from.device.view());
        number(head.from.recorded_ms).number(head.from.clock_ok ? 1 : 0).text(head.value).text(head.effective_date);
      }
    }
    return *this;
  }
  Line& place(const EntryPlace& place) {
    return bytes(place.device.view()).bytes(place.log.view()).number(static_cast<std::int64_t>(place.seq)).bytes(place.hash);
  }
  [[nodiscard]] const Bytes& read() const { return bytes_; }

 private:
  Bytes bytes_;
};

// The sum, modulo 2^256, of the lines' hashes: the same in any order, and a line that stands twice counts twice.
class Sum {
 public:
  void add(const Line& line) {
    const Hash hash = crypto::blake2b_256({as_bytes("lantaarn digest line v1"), line.read()});
    unsigned carry = 0;
    for (std::size_t i = 0; i < sum_.size(); ++i) {
      carry += static_cast<unsigned>(sum_[i]) + hash[i];
      sum_[i] = static_cast<std::uint8_t>(carry);
      carry >>= 8;
    }
  }
  [[nodiscard]] const Hash& value() const { return sum_; }

 private:
  Hash sum_{};
};

Status add_clients(Registry& registry, Sum& sum, Digest& digest) {
  return registry.clients([&](const Client& client) -> Status {
    // A row without her ClientAdded or any field is only a number that contacts point at.
    if (!client.added && client.fields.empty()) return {};
    ++digest.clients;
    Line line("client");
    line.bytes(client.id.view()).number(client.added ? 1 : 0).text(client.status).text(client.intensity);
    line.bytes(client.cluster.view()).optional(client.primary_contact).optional(client.second_contact).fields(client.fields);
    for (const auto& alias : client.aliases) line.text(alias);
    sum.add(line);
    return {};
  });
}

Status add_contacts(Registry& registry, Sum& sum, Digest& digest) {
  return registry.contacts({}, [&](const Contact& contact) -> Status {
    ++digest.contacts;
    Line line("contact");
    line.bytes(contact.id.view()).optional(contact.client).number(contact.occurred_at_ms);
    line.text(contact.channel).text(contact.place).text(contact.outcome).optional(contact.minutes).optional(contact.indirect_minutes);
    line.number(contact.amended ? 1 : 0).number(contact.retracted ? 1 : 0).text(contact.retraction_reason).number(contact.counted ? 1 : 0);
    line.fields(contact.fields).bytes(contact.author.view()).place(contact.entry).number(contact.recorded_ms).text(contact.round_id);
    sum.add(line);
    return {};
  });
}

Status add_records(Registry& registry, Sum& sum, Digest& digest) {
  RecordFilter all;
  all.with_retracted = true;
  LANTAARN_TRY(registry.records(all, [&](const Record& record) -> Status {
    ++digest.records;
    Line line("record");
    line.bytes(record.id.view()).text(record.kind).optional(record.client).number(record.amended ? 1 : 0).number(record.retracted ? 1 : 0);
    line.text(record.retraction_reason).fields(record.fields).bytes(record.author.view()).place(record.entry).number(record.recorded_ms);
    sum.add(line);
    return {};
  }));
  // What stands in clear is kept beside, and belongs to what can be read.
  LANTAARN_TRY(registry.clear_records(all, [&](const Registry::ClearRecord& record) -> Status {
    Line line("clear");
    line.text(record.kind).optional(record.client).optional(record.clear.day).optional(record.clear.until);
    sum.add(line.text(record.clear.code).text(record.clear.subcode).optional(record.clear.amount));
    return {};
  }));
  return registry.kept_counts([&](const KeptCount& kept) -> Status {
    sum.add(Line("kept").text(kept.period).text(kept.channel).number(static_cast<std::int64_t>(kept.contacts)));
    return {};
  });
}

Status add_rest(Registry& registry, Sum& sum, Digest& digest) {
  LANTAARN_TRY(registry.follow_ups({}, true, [&](const FollowUp& follow_up) -> Status {
    ++digest.follow_ups;
    Line line("follow-up");
    line.bytes(follow_up.id.view()).optional(follow_up.client).optional(follow_up.contact).text(follow_up.due_date);
    line.text(follow_up.kind);
    sum.add(line.text(follow_up.text).optional(follow_up.owner).bytes(follow_up.author.view()).number(follow_up.done ? 1 : 0));
    return {};
  }));
  LANTAARN_TRY(registry.rounds([&](const Round& round) -> Status {
    ++digest.rounds;
    Line line("round");
    line.bytes(round.id.view()).optional(round.owner).optional(round.started_ms).optional(round.ended_ms).number(round.head_count);
    for (const auto& place : round.places) line.text(place);
    for (const auto& colleague : round.colleagues) line.text(colleague);
    sum.add(line);
    return {};
  }));
  LANTAARN_TRY(registry.review_cases([&](const ReviewCase& open_case) -> Status {
    ++digest.review_cases;
    sum.add(Line("case").bytes(open_case.id).bytes(open_case.owner).fields({open_case.field}));
    return {};
  }));
  return registry.quarantine([&](const Quarantined& apart) -> Status {
    ++digest.quarantined;
    sum.add(Line("apart").text(apart.reason).place(apart.entry).bytes(apart.author.view()).optional(apart.event));
    return {};
  });
}

Status add_staff(Registry& registry, Sum& sum) {
  LANTAARN_ASSIGN(const auto users, registry.users());
  for (const UserView& user : users) sum.add(Line("user").bytes(user.id.view()).text(user.name).text(user.role));
  LANTAARN_ASSIGN(const auto devices, registry.devices());
  for (const DeviceView& device : devices) {
    Line line("device");
    line.bytes(device.id.view()).text(device.name).number(device.revoked ? 1 : 0);
    if (device.channel_key) line.bytes(*device.channel_key);
    for (const UserId& user : device.users) line.bytes(user.view());
    for (const BoundUser& bound : device.bound) line.bytes(bound.user.view()).bytes(bound.box_key).bytes(bound.verify_key);
    for (const DirectiveView& one : device.directives) {
      line.bytes(one.id.view()).text(one.directive).optional(one.user).number(one.carried_out_ms).number(one.lifted ? 1 : 0);
    }
    if (const DeviceTerms& terms = device.terms; terms != DeviceTerms{}) {
      line.number(terms.lease_days).number(terms.lease_boots).number(terms.strict ? 1 : 0).number(terms.duress_pin ? 1 : 0);
      line.number(terms.wrong_pins_max);
    }
    sum.add(line);
  }
  return {};
}

// The counts that the overview shows are kept, not counted: they belong to what can be read.
Status add_counts(Registry& registry, Sum& sum) {
  LANTAARN_ASSIGN(const Overview overview, registry.overview("1970-01-01"));
  for (const auto& count : overview.contacts) {
    sum.add(Line("count").text(count.channel).text(count.place).number(static_cast<std::int64_t>(count.contacts)));
  }
  sum.add(Line("unknown").number(static_cast<std::int64_t>(overview.unknown_persons)).number(static_cast<std::int64_t>(overview.unknown_facts)));
  return {};
}

// What is known to be missing, for as long as it is.
Status add_losses(Registry& registry, Sum& sum) {
  LANTAARN_ASSIGN(const auto losses, open_losses(registry));
  for (const Loss& loss : losses) {
    Line line("missed");
    line.bytes(loss.device.view()).bytes(loss.log.view()).number(static_cast<std::int64_t>(loss.from_seq));
    sum.add(line.number(static_cast<std::int64_t>(loss.through_seq)).number(static_cast<std::int64_t>(loss.missing)));
  }
  return {};
}

}  // namespace

std::string Digest::text() const { return "fold" + std::to_string(fold_version) + "-" + to_hex(value); }

Result<Digest> digest(Registry& registry) {
  Digest digest;
  Sum sum;
  LANTAARN_ASSIGN(digest.fold_version, registry.fold_version());
  LANTAARN_ASSIGN(digest.events, registry.event_count());
  LANTAARN_TRY(add_clients(registry, sum, digest));
  LANTAARN_TRY(add_contacts(registry, sum, digest));
  LANTAARN_TRY(add_records(registry, sum, digest));
  LANTAARN_TRY(add_rest(registry, sum, digest));
  LANTAARN_TRY(add_staff(registry, sum));
  LANTAARN_TRY(add_counts(registry, sum));
  LANTAARN_TRY(add_losses(registry, sum));
  digest.value = sum.value();
  return digest;
}

}  // namespace lantaarn::server
