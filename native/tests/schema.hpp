// What mev_engine_stream.hpp says of its fields and enumerators, as data.
#pragma once

#include "../mev_engine_stream.hpp"

#include <string>
#include <type_traits>
#include <vector>

namespace schema {

enum class Kind { Unsigned, Signed, Real, Bytes };

// Plain data, since hundreds of strings in an initialiser take a sanitizing compiler a minute.
struct RawField {
  const char *parent, *name;
  std::size_t offset, size;
  Kind kind;
};

struct Field {
  std::string parent;  // message, or message.group
  std::string name;    // as in the XML: firstSequence
  std::size_t offset, size;
  Kind kind;
};

struct Enumerator {
  const char *type, *name;
  unsigned long long value;
  std::size_t size;
};

// first_sequence -> firstSequence
inline std::string camel(const std::string& name) {
  std::string result;
  for (std::size_t i = 0; i < name.size(); ++i) {
    if (name[i] == '_') continue;
    const bool up = i > 0 && name[i - 1] == '_';
    result += up ? static_cast<char>(name[i] - 'a' + 'A') : name[i];
  }
  return result;
}

template <class T>
constexpr Kind kind_of() {
  if constexpr (std::is_floating_point_v<T>)
    return Kind::Real;
  else if constexpr (std::is_enum_v<T>)
    return Kind::Unsigned;
  else if constexpr (std::is_integral_v<T>)
    return std::is_signed_v<T> ? Kind::Signed : Kind::Unsigned;
  else
    return Kind::Bytes;
}

inline const std::vector<Field>& fields() {
  static constexpr RawField raw[] = {
#define MEV_ENUM(Type, Name)
#define MEV_FIELD(Parent, Type, Name) \
  {Parent, #Name, offsetof(mev::Type, Name), sizeof(mev::Type::Name), kind_of<decltype(mev::Type::Name)>()},
#include "schema_table.inc"
#undef MEV_ENUM
#undef MEV_FIELD
  };
  static const std::vector<Field> all = [] {
    std::vector<Field> fields;
    for (const RawField& f : raw) fields.push_back({f.parent, camel(f.name), f.offset, f.size, f.kind});
    return fields;
  }();
  return all;
}

inline const std::vector<Enumerator>& enumerators() {
  static constexpr Enumerator raw[] = {
#define MEV_ENUM(Type, Name) {#Type, #Name, static_cast<unsigned long long>(mev::Type::Name), sizeof(mev::Type)},
#define MEV_FIELD(Parent, Type, Name)
#include "schema_table.inc"
#undef MEV_ENUM
#undef MEV_FIELD
  };
  static const std::vector<Enumerator> all(std::begin(raw), std::end(raw));
  return all;
}

// Calls visit(name, block, entry) for every message; entry is std::nullptr_t{} where there is no group.
template <class Visit>
void for_each_message(Visit visit) {
  using namespace mev;
  constexpr std::nullptr_t none{};
  visit("Transaction", TransactionRecord{}, SwapEntry{});
  visit("Opportunity", OpportunityRecord{}, none);
  visit("Outcome", OutcomeRecord{}, none);
  visit("Block", BlockRecord{}, none);
  visit("Account", AccountRecord{}, none);
  visit("Metric", MetricRecord{}, none);
  visit("Node", NodeRecord{}, none);
  visit("Strategy", StrategyRecord{}, none);
  visit("Slot", SlotRecord{}, none);
  visit("Gap", GapRecord{}, none);
  visit("Label", LabelRecord{}, LabelLeg{});
  visit("Prediction", PredictionRecord{}, ScoreEntry{});
  visit("ParameterChange", ParameterChangeRecord{}, none);
  visit("Audit", AuditRecord{}, none);
  visit("Hello", HelloMessage{}, none);
  visit("Challenge", ChallengeMessage{}, none);
  visit("Subscribe", SubscribeMessage{}, none);
  visit("Heartbeat", HeartbeatMessage{}, none);
  visit("Ack", AckMessage{}, none);
  visit("ReplayRequest", ReplayRequestMessage{}, none);
  visit("GapNotice", GapNoticeMessage{}, none);
  visit("Goodbye", GoodbyeMessage{}, none);
  visit("Proof", ProofMessage{}, none);
  visit("OpportunityScores", OpportunityScoresMessage{}, OpportunityScore{});
  visit("ParameterUpdate", ParameterUpdateMessage{}, none);
  visit("ParameterResult", ParameterResultMessage{}, none);
}

}  // namespace schema
