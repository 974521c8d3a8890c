// An engine that a test of another language starts and drives: arguments configure it, lines on standard input tell it what to do, and every
// line is answered by one that begins with its command. It ends with its input.
//
//   test_engine [--listen URI]... [--key KEY]... [--drop] [--retention BYTES] [--ring BYTES] [--heartbeat MS] [--revision STRATEGY REVISION]
//
//   session                    session HEX16
//   metrics FIRST LAST [BYTES] publishes metrics whose value counts from FIRST to LAST, with a name of BYTES bytes (1)
//   transactions COUNT         publishes transactions whose fields are made of their number
//   frame HEX                  publishes a frame as it is
//   longer VALUE, shorter TIME a metric of a later version (block 24, one more data field), and of an earlier one (block 8: the value alone)
//   overrun COUNT              holds the I/O thread and publishes metrics until COUNT were dropped: overrun FIRST LAST (of what was dropped)
//   slot SLOT                  the slot of its heartbeats
//   stats                      stats NEXT FIRST DROPPED ACKNOWLEDGED SUBSCRIBERS REFUSED
//   complete                   ends the stream
//   updates                    updates [STRATEGY:REVISION:JSON]... applied so far
//   scores                     scores COUNT SUM-OF-IDS MODEL of what came so far
//
// Updates whose parameters contain "reject" are rejected, for that reason.
#include "../mev_engine_stream.hpp"

#include <cstdio>
#include <iostream>
#include <sstream>

namespace {

std::mutex gate;
std::condition_variable changed;
bool armed = false, held = false;
std::string updates, model;
std::uint64_t score_count = 0, score_ids = 0;

void hold_if_armed() {
  std::unique_lock<std::mutex> guard(gate);
  if (!armed) return;
  held = true;
  changed.notify_all();
  changed.wait(guard, [] { return !armed; });
}

// Provokes a line of the log, in which the I/O thread is then held: a peer that talks nonsense.
void hold(const std::string& endpoint) {
  {
    const std::lock_guard<std::mutex> guard(gate);
    armed = true;
    held = false;
  }
  mev::detail::FileHandle socket;
  if (endpoint.rfind("unix://", 0) == 0) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::memcpy(address.sun_path, endpoint.data() + 7, endpoint.size() - 7);
    socket = mev::detail::FileHandle(::socket(AF_UNIX, SOCK_STREAM, 0));
    if (::connect(socket.get(), reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) std::exit(3);
  } else {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(std::stoi(endpoint.substr(endpoint.rfind(':') + 1))));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socket = mev::detail::FileHandle(::socket(AF_INET, SOCK_STREAM, 0));
    if (::connect(socket.get(), reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) std::exit(3);
  }
  const std::string nonsense(40, '\1');
  if (::send(socket.get(), nonsense.data(), nonsense.size(), MSG_NOSIGNAL) < 0) std::exit(3);
  std::unique_lock<std::mutex> guard(gate);
  changed.wait(guard, [] { return held; });
}

void release() {
  const std::lock_guard<std::mutex> guard(gate);
  armed = false;
  changed.notify_all();
}

template <class T>
void fill(T& field, std::uint64_t number) {
  for (std::size_t i = 0; i < sizeof field.bytes; ++i) field.bytes[i] = static_cast<std::uint8_t>(number + i);
}

mev::Status publish_transaction(mev::Publisher& engine, std::uint64_t n) {
  mev::TransactionRecord t;
  fill(t.signature, n);
  fill(t.payer, n + 1);
  t.slot = 1000 + n;
  t.fee_lamports = 5000 + n;
  t.tip_lamports = n * 3;
  t.compute_units_consumed = static_cast<std::uint32_t>(n * 7);
  t.index_in_block = static_cast<std::uint32_t>(n);
  t.stage = mev::SightingStage::Confirmed;
  t.flags = mev::TransactionFlags::HasMeta;
  std::vector<mev::SwapEntry> swaps(n % 4);
  for (std::size_t i = 0; i < swaps.size(); ++i) {
    fill(swaps[i].pool, n + i);
    swaps[i].amount_in = n * 100 + i;
    swaps[i].amount_out = n * 200 + i;
    swaps[i].venue = mev::VenueId::OrcaWhirlpool;
    swaps[i].decimals_in = static_cast<std::uint8_t>(i + 1);
  }
  const std::vector<std::uint8_t> wire(n % 300, static_cast<std::uint8_t>(n)), meta(n % 7, static_cast<std::uint8_t>(n + 1));
  return engine.publish(t, swaps, wire, meta, 1'700'000'000'000'000'000u + n);
}

mev::Status publish_metric(mev::Publisher& engine, std::uint64_t value, std::size_t bytes) {
  mev::MetricRecord metric;
  metric.value = static_cast<double>(value);
  return engine.publish(metric, std::string(bytes, 'm'));
}

std::vector<std::uint8_t> unhex(const std::string& text) {
  std::vector<std::uint8_t> bytes;
  for (std::size_t i = 0; i + 1 < text.size(); i += 2) bytes.push_back(static_cast<std::uint8_t>(std::stoul(text.substr(i, 2), nullptr, 16)));
  return bytes;
}

void run(mev::Publisher& engine, const std::string& line) {
  std::istringstream words(line);
  std::string command;
  words >> command;
  std::ostringstream answer;
  mev::Status status = mev::Status::Ok;
  if (command == "session") {
    answer << std::hex << engine.session_id();
  } else if (command == "metrics") {
    std::uint64_t first = 0, last = 0;
    std::size_t bytes = 1;
    words >> first >> last >> bytes;
    for (std::uint64_t i = first; i <= last && status == mev::Status::Ok; ++i) status = publish_metric(engine, i, bytes);
    answer << mev::to_text(status);
  } else if (command == "transactions") {
    std::uint64_t count = 0;
    words >> count;
    for (std::uint64_t i = 1; i <= count && status == mev::Status::Ok; ++i) status = publish_transaction(engine, i);
    answer << mev::to_text(status);
  } else if (command == "frame") {
    std::string hex;
    words >> hex;
    answer << mev::to_text(engine.publish_frame(unhex(hex)));
  } else if (command == "longer" || command == "shorter") {
    struct {
      mev::MetricRecord known;
      std::uint64_t added = 0x1122334455667788;
    } block;
    words >> block.known.value;
    block.known.time_nanoseconds = 99;
    mev::FrameWriter writer;
    status = engine.reserve(256, writer);
    if (status == mev::Status::Ok) {
      writer.header(mev::MetricRecord::TemplateId, &block, command == "longer" ? 24 : 8).data(command);
      if (command == "longer") writer.data("{}").data("a field of a later version");
      status = engine.commit(writer);
    }
    answer << mev::to_text(status);
  } else if (command == "overrun") {
    std::uint64_t wanted = 0, dropped = 0;
    words >> wanted;
    const auto quiet = [&] { return engine.stats().next_sequence; };
    hold(engine.endpoints().front());
    std::uint64_t sequence = quiet() - 1, first = 0;
    // Nothing was on its way: the commands before this one are with the I/O thread, or count as published now.
    while (dropped < wanted) {
      ++sequence;
      status = publish_metric(engine, sequence, 1000);
      if (status == mev::Status::Dropped && ++dropped == 1) first = sequence;
    }
    release();
    // Until the I/O thread has made room again, the next command's records would be dropped too.
    while (engine.stats().next_sequence <= sequence) std::this_thread::sleep_for(std::chrono::milliseconds(1));
    answer << first << ' ' << sequence;
  } else if (command == "slot") {
    std::uint64_t slot = 0;
    words >> slot;
    engine.set_slot(slot);
  } else if (command == "stats") {
    const auto s = engine.stats();
    answer << s.next_sequence << ' ' << s.first_retained << ' ' << s.dropped << ' ' << s.acknowledged << ' ' << s.subscribers << ' ' << s.refused;
  } else if (command == "complete") {
    answer << (engine.complete(mev::GoodbyeCode::EndOfStream, "that was all", std::chrono::minutes(1)) ? "ok" : "timeout");
  } else if (command == "updates" || command == "scores") {
    const std::lock_guard<std::mutex> guard(gate);
    if (command == "updates")
      answer << updates;
    else
      answer << score_count << ' ' << score_ids << ' ' << model;
  } else {
    answer << "unknown command";
  }
  std::printf("%s %s\n", command.c_str(), answer.str().c_str());
  std::fflush(stdout);
}

}  // namespace

int main(int count, char** arguments) {
  mev::PublisherOptions options;
  options.name = "test-engine";
  options.listen.clear();
  options.handshake_timeout = std::chrono::seconds(30);
  for (int i = 1; i < count; ++i) {
    const std::string name = arguments[i];
    const auto next = [&] { return std::string(i + 1 < count ? arguments[++i] : ""); };
    if (name == "--listen") options.listen.push_back(next());
    else if (name == "--key") options.keys.push_back(next());
    else if (name == "--drop") options.when_full = mev::WhenFull::DropAndTell;
    else if (name == "--retention") options.retention_bytes = std::stoull(next());
    else if (name == "--ring") options.ring_bytes = std::stoull(next());
    else if (name == "--heartbeat") options.heartbeat_interval = std::chrono::milliseconds(std::stoi(next()));
    else if (name == "--revision") {
      const auto strategy = static_cast<std::uint16_t>(std::stoi(next()));
      options.revisions[strategy] = std::stoull(next());
    } else return std::fprintf(stderr, "unknown argument %s\n", name.c_str()), 2;
  }
  if (options.listen.empty()) options.listen = {"tcp://127.0.0.1:0"};
  options.on_log = [](mev::LogLevel, const std::string& text) {
    std::fprintf(stderr, "%s\n", text.c_str());
    hold_if_armed();
  };
  options.on_parameters = [](const mev::ParameterUpdate& update) {
    if (update.parameters.find("reject") != std::string_view::npos) return mev::ParameterDecision::reject("it says reject");
    const std::lock_guard<std::mutex> guard(gate);
    updates += std::to_string(update.message.strategy_id) + ":" + std::to_string(update.message.revision) + ":" + std::string(update.parameters) + " ";
    return mev::ParameterDecision::accept();
  };
  options.on_scores = [](const mev::OpportunityScores& scores) {
    const std::lock_guard<std::mutex> guard(gate);
    for (const auto& score : scores.scores) score_ids += score.opportunity_id;
    score_count += scores.scores.size();
    model = std::string(scores.model_version);
  };
  mev::Publisher engine;
  if (!engine.start(options)) return std::fprintf(stderr, "%s\n", engine.error().c_str()), 1;
  for (const auto& endpoint : engine.endpoints()) std::printf("listening %s\n", endpoint.c_str());
  std::fflush(stdout);
  for (std::string line; std::getline(std::cin, line);) run(engine, line);
  return 0;
}
