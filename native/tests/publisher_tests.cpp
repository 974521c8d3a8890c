// Ring, retention, sessions, replay, ends.
#include "host.hpp"

#include <algorithm>
#include <sys/stat.h>

using namespace host;

namespace {

std::string temporary_socket() {
  static int number = 0;
  const char* folder = std::getenv("TMPDIR");
  return std::string("unix://") + (folder != nullptr ? folder : "/tmp") + "/mev-native-test-" + std::to_string(::getpid()) + "-" + std::to_string(++number);
}

// Holds the I/O thread within a log call, so that a ring overrun is no matter of luck.
class Holder {
 public:
  void hold() {
    std::unique_lock<std::mutex> guard(gate_);
    if (!armed_) return;
    held_ = true;
    changed_.notify_all();
    changed_.wait(guard, [this] { return !armed_; });
  }
  void arm() {
    const std::lock_guard<std::mutex> guard(gate_);
    armed_ = true;
  }
  void wait_until_held() {
    std::unique_lock<std::mutex> guard(gate_);
    CHECK(changed_.wait_for(guard, Limit, [this] { return held_; }));
  }
  void release() {
    const std::lock_guard<std::mutex> guard(gate_);
    armed_ = held_ = false;
    changed_.notify_all();
  }

 private:
  std::mutex gate_;
  std::condition_variable changed_;
  bool armed_ = false, held_ = false;
};

}  // namespace

TEST(publish_every_kind_of_record_arrives_field_by_field) {
  Engine engine;
  auto peer = subscribed(engine);
  mev::TransactionRecord transaction;
  transaction.slot = 11;
  mev::SwapEntry swaps[2];
  swaps[1].amount_out = 12;
  CHECK(engine.publisher.publish(transaction, swaps, "wire", "meta", 1234) == mev::Status::Ok);
  mev::OpportunityRecord opportunity;
  opportunity.opportunity_id = 13;
  CHECK(engine.publisher.publish(opportunity, "{}") == mev::Status::Ok);
  mev::OutcomeRecord outcome;
  outcome.status = mev::OutcomeStatus::LostToRival;
  CHECK(engine.publisher.publish(outcome, "late") == mev::Status::Ok);
  mev::BlockRecord block;
  block.block_height = 14;
  CHECK(engine.publisher.publish(block) == mev::Status::Ok);
  mev::AccountRecord account;
  account.lamports = 15;
  CHECK(engine.publisher.publish(account, std::vector<std::uint8_t>{1, 2}) == mev::Status::Ok);
  mev::MetricRecord metric;
  metric.value = 1.5;
  CHECK(engine.publisher.publish(metric, "queue", "{}") == mev::Status::Ok);
  mev::NodeRecord node;
  node.root_slot = 16;
  CHECK(engine.publisher.publish(node, "n", "v", "{}") == mev::Status::Ok);
  mev::StrategyRecord strategy;
  strategy.landed = 17;
  CHECK(engine.publisher.publish(strategy, "s", "{}") == mev::Status::Ok);
  mev::SlotRecord slot;
  slot.stage = mev::SightingStage::Finalized;
  CHECK(engine.publisher.publish(slot) == mev::Status::Ok);

  const Frame first = peer->expect<mev::TransactionRecord>();
  CHECK_EQ(first.header.sequence, 1u);
  CHECK_EQ(first.header.engine_time, 1234u);
  auto body = first.body();
  mev::GroupView<mev::SwapEntry> entries;
  mev::ByteView wire, meta;
  CHECK(body.block(transaction) && body.group(entries) && body.data(wire) && body.data(meta));
  CHECK_EQ(transaction.slot, 11u);
  CHECK_EQ(entries[1].amount_out, 12u);
  CHECK_EQ(wire.text(), "wire");
  CHECK_EQ(meta.text(), "meta");
  CHECK_EQ(peer->expect<mev::OpportunityRecord>().as<mev::OpportunityRecord>().opportunity_id, 13u);
  const Frame third = peer->expect<mev::OutcomeRecord>();
  CHECK_EQ(third.text(), "late");
  CHECK(third.header.engine_time > 1'600'000'000'000'000'000u);
  CHECK(third.as<mev::OutcomeRecord>().status == mev::OutcomeStatus::LostToRival);
  CHECK_EQ(peer->expect<mev::BlockRecord>().as<mev::BlockRecord>().block_height, 14u);
  CHECK_EQ(peer->expect<mev::AccountRecord>().as<mev::AccountRecord>().lamports, 15u);
  CHECK_EQ(peer->expect<mev::MetricRecord>().text(), "queue");
  CHECK_EQ(peer->expect<mev::NodeRecord>().as<mev::NodeRecord>().root_slot, 16u);
  CHECK_EQ(peer->expect<mev::StrategyRecord>().as<mev::StrategyRecord>().landed, 17u);
  CHECK(peer->expect<mev::SlotRecord>().as<mev::SlotRecord>().stage == mev::SightingStage::Finalized);
}

TEST(publish_in_place_and_as_frame_and_what_is_refused) {
  Engine engine;
  auto peer = subscribed(engine);
  mev::FrameWriter writer;
  CHECK(engine.publisher.reserve(512, writer) == mev::Status::Ok);
  writer.block_space<mev::OutcomeRecord>()->profit_lamports = -5;
  writer.data("in place");
  CHECK(engine.publisher.commit(writer) == mev::Status::Ok);
  CHECK(engine.publisher.reserve(512, writer) == mev::Status::Ok);
  engine.publisher.abandon(writer);
  // A message that no engine may send, and one that did not fit.
  CHECK(engine.publisher.reserve(512, writer) == mev::Status::Ok);
  writer.block(mev::GapRecord{}).data("");
  CHECK(engine.publisher.commit(writer) == mev::Status::NotARecord);
  CHECK(engine.publisher.reserve(152, writer) == mev::Status::Ok);
  writer.block(mev::OutcomeRecord{}).data("longer than that");
  CHECK(engine.publisher.commit(writer) == mev::Status::TooLong);

  std::vector<std::uint8_t> frame(256);
  mev::FrameWriter(frame.data(), frame.size()).block(mev::BlockRecord{}).complete(99, 7);
  frame.resize(176);
  CHECK(engine.publisher.publish_frame(frame) == mev::Status::Ok);
  CHECK(engine.publisher.publish_frame(mev::ByteView(frame).first(168)) == mev::Status::NotARecord);
  CHECK(engine.publisher.publish_frame({}) == mev::Status::NotARecord);
  mev::FrameWriter(frame.data(), frame.size()).block(mev::HelloMessage{}).complete(1, 1);
  CHECK(engine.publisher.publish_frame(mev::ByteView(frame).first(64)) == mev::Status::NotARecord);
  const std::vector<std::uint8_t> large(engine.publisher.max_frame_bytes());
  CHECK(engine.publisher.publish(mev::AccountRecord{}, large) == mev::Status::TooLong);
  const std::vector<mev::SwapEntry> swaps(65536);
  CHECK(engine.publisher.publish(mev::TransactionRecord{}, swaps, "", "") == mev::Status::TooLong);

  const Frame first = peer->expect<mev::OutcomeRecord>();
  CHECK_EQ(first.as<mev::OutcomeRecord>().profit_lamports, -5);
  CHECK_EQ(first.text(), "in place");
  const Frame second = peer->expect<mev::BlockRecord>();
  CHECK_EQ(second.header.sequence, 2u);
  CHECK_EQ(second.header.engine_time, 7u);
}

TEST(start_says_what_is_wrong_and_what_to_do) {
  const auto refused = [](const std::function<void(mev::PublisherOptions&)>& configure, const char* expected) {
    mev::PublisherOptions options;
    configure(options);
    mev::Publisher publisher;
    CHECK(!publisher.start(options));
    if (publisher.error().find(expected) == std::string::npos) check::fail(__FILE__, __LINE__, publisher.error());
    CHECK(publisher.publish(mev::BlockRecord{}) == mev::Status::Closed);
    CHECK(!publisher.complete(mev::GoodbyeCode::EndOfStream, "", 1ms));
  };
  refused([](auto& o) { o.listen.clear(); }, "listen is empty");
  refused([](auto& o) { o.listen = {"http://x"}; }, "give tcp://HOST:PORT or unix:///PATH");
  refused([](auto& o) { o.listen = {"tcp://127.0.0.1"}; }, "give tcp://HOST:PORT");
  refused([](auto& o) { o.listen = {"tcp://127.0.0.1:x"}; }, "give tcp://HOST:PORT");
  refused([](auto& o) { o.listen = {"unix://relative"}; }, "unix:///PATH");
  refused([](auto& o) { o.listen = {"unix:///" + std::string(200, 'x')}; }, "longer than");
  refused([](auto& o) { o.listen = {"unix:///no/such/folder/s"}; }, "must exist");
  refused([](auto& o) { o.listen = {"tcp://192.0.2.1:0"}; }, "address of this machine");
  refused([](auto& o) { o.name.clear(); }, "name");
  refused([](auto& o) { o.keys = {"short"}; }, "at least 16");
  refused([](auto& o) { o.ring_bytes = 1; }, "ring_bytes");
  refused([](auto& o) { o.retention_bytes = 1; }, "retention_bytes");
  refused([](auto& o) { o.heartbeat_interval = 1ms; }, "heartbeat_interval");
  refused([](auto& o) { o.handshake_timeout = 0ms; }, "handshake_timeout");
  refused([](auto& o) { o.subscriber_timeout = 0ms; }, "subscriber_timeout");
  refused([](auto& o) { o.ack_timeout = 0ms; }, "ack_timeout");
  refused([](auto& o) { o.max_subscribers = 0; }, "max_subscribers");
  refused([](auto& o) { o.max_handshakes = 0; }, "max_handshakes");
  refused([](auto& o) { o.max_host_frame_bytes = 0; }, "max_host_frame_bytes");
  refused([](auto& o) { o.wake_interval = 1us; }, "wake_interval");
  Engine engine;
  refused([&](auto& o) { o.listen = {engine.endpoint()}; }, "End the process that has the port");
  CHECK(!engine.publisher.start(mev::PublisherOptions{}));
  CHECK(engine.publisher.session_id() != 0);
  for (const auto status : {mev::Status::Ok, mev::Status::Dropped, mev::Status::Full, mev::Status::TooLong, mev::Status::NotARecord, mev::Status::Closed})
    CHECK(std::string(mev::to_text(status)) != "unknown");
}

TEST(hello_says_session_name_range_and_flags) {
  Engine engine([](auto& o) {
    o.name = "alpha";
    o.simulated = true;
    o.heartbeat_interval = 1234ms;
    o.on_scores = [](const mev::OpportunityScores&) {};
  });
  engine.publish(1, 3);
  engine.taken_over(4);
  Host peer(engine.endpoint());
  const auto hello = peer.hello();
  CHECK_EQ(hello.session_id, engine.publisher.session_id());
  CHECK_EQ(hello.first_retained_sequence, 1u);
  CHECK_EQ(hello.next_sequence, 4u);
  CHECK_EQ(hello.heartbeat_milliseconds, 1234u);
  CHECK(hello.flags == (mev::StreamFlags::Simulated | mev::StreamFlags::Replays | mev::StreamFlags::TakesScores));
  CHECK_EQ(peer.hello_frame.text(), "alpha");
}

TEST(subscribers_over_tcp_and_unix_get_all_from_where_they_want) {
  const std::string path = temporary_socket();
  Engine engine([&](auto& o) { o.listen = {"tcp://127.0.0.1:0", path, "tcp://[::1]:0"}; });
  struct stat file {};
  CHECK(::stat(path.c_str() + 7, &file) == 0);
  CHECK_EQ(file.st_mode & 0777, 0600u);
  engine.publish(1, 1000);
  std::vector<std::unique_ptr<Host>> peers;
  for (const std::uint64_t from : {std::uint64_t{1}, std::uint64_t{500}, std::uint64_t{1000}, std::uint64_t{5000}}) {
    for (const auto& endpoint : {engine.endpoint(), path}) {
      peers.push_back(std::make_unique<Host>(endpoint));
      peers.back()->hello();
      engine.taken_over(1001);
      peers.back()->subscribe(from);
    }
  }
  eventually([&] { return engine.publisher.stats().subscribers == peers.size(); }, "all are subscribed");
  engine.publish(1001, 2000);
  const std::uint64_t firsts[] = {1, 1, 500, 500, 1000, 1000, 1001, 1001};
  for (std::size_t i = 0; i < peers.size(); ++i) peers[i]->expect_metrics(firsts[i], 2000);
  engine.publisher.stop();
  CHECK(::stat(path.c_str() + 7, &file) != 0);
}

TEST(unix_stale_socket_is_replaced_a_live_one_and_a_file_are_not) {
  const std::string path = temporary_socket();
  {
    // What a killed process leaves behind.
    const mev::detail::FileHandle dead(::socket(AF_UNIX, SOCK_STREAM, 0));
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::memcpy(address.sun_path, path.data() + 7, path.size() - 7);
    CHECK(::bind(dead.get(), reinterpret_cast<sockaddr*>(&address), sizeof address) == 0);
  }
  Engine engine([&](auto& o) { o.listen = {path}; });
  mev::PublisherOptions options;
  options.listen = {path};
  mev::Publisher second;
  CHECK(!second.start(options));
  CHECK(second.error().find("another process listens") != std::string::npos);
  engine.publish(1, 1);
  subscribed(engine)->expect_metrics(1, 1);

  // Somebody is bound there who takes no connection of this kind: no refusal, so it is not removed.
  const std::string other = temporary_socket();
  {
    const mev::detail::FileHandle datagrams(::socket(AF_UNIX, SOCK_DGRAM, 0));
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::memcpy(address.sun_path, other.data() + 7, other.size() - 7);
    CHECK(::bind(datagrams.get(), reinterpret_cast<sockaddr*>(&address), sizeof address) == 0);
    options.listen = {other};
    mev::Publisher fourth;
    CHECK(!fourth.start(options));
    CHECK(fourth.error().find("who listens") != std::string::npos);
    struct stat still {};
    CHECK(::lstat(other.c_str() + 7, &still) == 0);
    ::unlink(other.c_str() + 7);
  }

  const std::string file = temporary_socket();
  std::fclose(std::fopen(file.c_str() + 7, "w"));
  options.listen = {file};
  mev::Publisher third;
  CHECK(!third.start(options));
  CHECK(third.error().find("is no socket") != std::string::npos);
  ::unlink(file.c_str() + 7);
}

TEST(resume_after_a_break_goes_on_behind_the_last) {
  Engine engine;
  engine.publish(1, 100);
  auto first = subscribed(engine);
  first->expect_metrics(1, 60);
  first->close();
  engine.publish(101, 200);
  auto second = subscribed(engine, 61);
  second->expect_metrics(61, 200);
  second->ack(200);
  eventually([&] { return engine.publisher.stats().acknowledged == 200; }, "the acknowledgement arrives");
  // What was never published cannot be durable.
  second->ack(1000);
  engine.publish(201, 201);
  second->expect_metrics(201, 201);
  CHECK_EQ(engine.publisher.stats().acknowledged, 200u);
}

TEST(resume_older_than_retained_is_told_as_not_retained) {
  Engine engine([](auto& o) { o.when_full = mev::WhenFull::Wait; });
  const std::string name(1000, 'x');
  engine.publish(1, 5000, name);
  engine.taken_over(5001);
  const std::uint64_t first = engine.publisher.stats().first_retained;
  CHECK(first > 1);
  Host peer(engine.endpoint());
  CHECK_EQ(peer.hello().first_retained_sequence, first);
  peer.subscribe(1);
  // The subscription begins at what is there: the host sees the jump and has said itself what it lacks.
  peer.expect_metrics(first, 5000);
}

TEST(replay_gives_the_range_again_and_says_what_is_gone) {
  Engine engine;
  const std::string name(1000, 'x');
  engine.publish(1, 5000, name);
  engine.taken_over(5001);
  const std::uint64_t first = engine.publisher.stats().first_retained;
  auto peer = subscribed(engine, 4990);
  peer->expect_metrics(4990, 5000);
  peer->replay(first - 10, first + 20);
  peer->expect_notice(first - 10, first - 1, mev::GapCause::NotRetained);
  peer->expect_metrics(first, first + 20);
  peer->replay(first + 5, first + 5);
  peer->expect_metrics(first + 5, first + 5);
  // Wholly gone, and reaching beyond what was sent.
  peer->replay(1, 2);
  peer->expect_notice(1, 2, mev::GapCause::NotRetained);
  peer->replay(4999, 5005);
  peer->expect_metrics(4999, 5000);
  peer->replay(6000, 6001);
  engine.publish(5001, 5010);
  peer->expect_metrics(5001, 5010);
}

TEST(replay_is_interleaved_with_live_records_and_each_stays_in_order) {
  Engine engine([](auto& o) { o.retention_bytes = 8 << 20; });
  engine.publish(1, 20000);
  auto peer = subscribed(engine, 20001);
  eventually([&] { return engine.publisher.stats().subscribers == 1; }, "subscribed");
  peer->replay(1, 20000);
  engine.publish(20001, 40000);
  std::uint64_t old_next = 1, live_next = 20001;
  while (old_next <= 20000 || live_next <= 40000) {
    const Frame frame = peer->expect<mev::MetricRecord>();
    std::uint64_t& next = frame.header.sequence <= 20000 ? old_next : live_next;
    CHECK_EQ(frame.header.sequence, next);
    CHECK_EQ(frame.as<mev::MetricRecord>().value, static_cast<double>(next));
    ++next;
  }
}

TEST(replay_of_no_range_or_too_many_ends_the_session) {
  const std::pair<std::uint64_t, std::uint64_t> ranges[] = {{0, 5}, {5, 4}, {1, 65537}};
  for (const auto& [first, last] : ranges) {
    Engine engine;
    engine.publish(1, 10);
    auto peer = subscribed(engine, 11);
    peer->replay(first, last);
    CHECK(peer->expect_goodbye(mev::GoodbyeCode::ProtocolError).find("range") != std::string::npos);
  }
}

TEST(overrun_drop_and_tell_tells_in_place_and_uses_up_the_sequences) {
  Holder holder;
  Engine engine([&](auto& o) {
    o.when_full = mev::WhenFull::DropAndTell;
    o.on_log = [&](mev::LogLevel, const std::string&) { holder.hold(); };
  });
  auto peer = subscribed(engine);
  eventually([&] { return engine.publisher.stats().subscribers == 1; }, "subscribed");
  engine.publish(1, 10);
  peer->expect_metrics(1, 10);
  holder.arm();
  subscribed(engine).reset();  // its arrival is logged
  holder.wait_until_held();
  const std::string name(1000, 'x');
  std::uint64_t next = 11, dropped = 0;
  for (; dropped < 100; ++next) {
    mev::MetricRecord metric;
    metric.value = static_cast<double>(next);
    const auto status = engine.publisher.publish(metric, name);
    CHECK(status == mev::Status::Ok || status == mev::Status::Dropped);
    dropped += status == mev::Status::Dropped ? 1 : 0;
  }
  // To try costs no sequence.
  CHECK(engine.publisher.try_publish(mev::MetricRecord{}, name) == mev::Status::Full);
  holder.release();
  const std::uint64_t last = next - 1;
  // Every sequence is either a record or in a notice, in order.
  std::uint64_t expected = 11, told = 0;
  while (expected <= last) {
    const Frame frame = peer->read();
    CHECK(!frame.is_end());
    if (frame.id() == mev::GapNoticeMessage::TemplateId) {
      const auto notice = frame.as<mev::GapNoticeMessage>();
      CHECK_EQ(notice.first_sequence, expected);
      CHECK(notice.cause == mev::GapCause::Dropped);
      told += notice.last_sequence - notice.first_sequence + 1;
      expected = notice.last_sequence + 1;
    } else if (frame.id() == mev::MetricRecord::TemplateId) {
      CHECK_EQ(frame.header.sequence, expected);
      ++expected;
    }
  }
  CHECK_EQ(told, dropped);
  CHECK_EQ(engine.publisher.stats().dropped, dropped);
  // And again on request, and the stream goes on.
  peer->replay(last, last);
  peer->expect_notice(last, last, mev::GapCause::Dropped);
  engine.publish(last + 1, last + 5);
  peer->expect_metrics(last + 1, last + 5);
}

TEST(overrun_wait_waits_and_loses_nothing) {
  Engine engine([](auto& o) {
    o.retention_bytes = 256 << 10;
    o.ring_bytes = 64 << 10;
  });
  auto peer = subscribed(engine);
  eventually([&] { return engine.publisher.stats().subscribers == 1; }, "subscribed");
  const std::string name(3000, 'x');
  std::thread hot([&] { engine.publish(1, 20000, name); });
  peer->expect_metrics(1, 20000);
  hot.join();
  CHECK_EQ(engine.publisher.stats().dropped, 0u);
  CHECK_EQ(engine.publisher.stats().overtaken, 0u);
}

TEST(overrun_wait_holds_what_is_not_acknowledged) {
  Engine engine([](auto& o) {
    o.retention_bytes = 256 << 10;
    o.ring_bytes = 64 << 10;
  });
  auto peer = subscribed(engine);
  engine.publish(1, 1);
  peer->expect_metrics(1, 1);
  peer->ack(1);
  eventually([&] { return engine.publisher.stats().acknowledged == 1; }, "acknowledged");
  const std::string name(1000, 'x');
  std::thread hot([&] { engine.publish(2, 1000, name); });
  // All is sent as it comes, yet it waits with the ring full of what is not durable.
  std::uint64_t got = 1;
  while (got < 150) got = peer->expect<mev::MetricRecord>().header.sequence;
  CHECK_EQ(engine.publisher.stats().first_retained, 1u);
  while (got < 1000) {
    peer->ack(got);
    const Frame frame = peer->expect<mev::MetricRecord>();
    CHECK_EQ(frame.header.sequence, got + 1);
    got = frame.header.sequence;
  }
  hot.join();
  CHECK_EQ(engine.publisher.stats().overtaken, 0u);
}

TEST(overrun_wait_holds_no_longer_for_one_that_acknowledges_nothing_more) {
  Engine engine([](auto& o) {
    o.retention_bytes = 256 << 10;
    o.ring_bytes = 64 << 10;
    o.ack_timeout = 300ms;
  });
  auto peer = subscribed(engine);
  engine.publish(1, 1);
  peer->expect_metrics(1, 1);
  peer->ack(1);
  eventually([&] { return engine.publisher.stats().acknowledged == 1; }, "acknowledged");
  // The engine waits for it, then for nobody.
  std::thread hot([&] { engine.publish(2, 1000, std::string(1000, 'x')); });
  Frame frame = peer->read();
  while (!frame.is_end() && frame.id() != mev::GoodbyeMessage::TemplateId) frame = peer->read();
  CHECK(frame.as<mev::GoodbyeMessage>().code == mev::GoodbyeCode::TooSlow);
  CHECK(frame.text().find("acknowledged nothing") != std::string::npos);
  hot.join();
  CHECK_EQ(engine.publisher.stats().dropped, 0u);
}

TEST(strangers_cannot_fill_the_log) {
  Engine engine([](auto& o) { o.max_subscribers = 1; });
  auto peer = subscribed(engine);
  eventually([&] { return engine.publisher.stats().subscribers == 1; }, "subscribed");
  for (int i = 0; i < 200; ++i) Host(engine.endpoint()).expect_goodbye(mev::GoodbyeCode::Busy);
  CHECK_EQ(engine.publisher.stats().refused, 200u);
  const std::lock_guard<std::mutex> guard(engine.gate);
  const auto lines = std::count_if(engine.log.begin(), engine.log.end(), [](const auto& line) { return line.find("too many subscribers") != std::string::npos; });
  // 16 in any 10 s; a loaded machine may need a few of these for it.
  CHECK(lines >= 16 && lines < 120);
}

TEST(slow_subscriber_is_overtaken_when_dropping_and_told_so) {
  Engine engine([](auto& o) {
    o.when_full = mev::WhenFull::DropAndTell;
    o.retention_bytes = 256 << 10;
    o.ring_bytes = 1 << 20;
  });
  Host peer(engine.endpoint(), 4096);
  peer.hello();
  peer.subscribe(1);
  eventually([&] { return engine.publisher.stats().subscribers == 1; }, "subscribed");
  const std::string name(5000, 'x');
  std::uint64_t last = 0;
  // More than sockets and retention hold; in steps that the ring takes.
  while (last < 4000) {
    engine.publish(last + 1, last + 100, name);
    last += 100;
    engine.taken_over(last + 1);
  }
  std::uint64_t expected = 1, missing = 0;
  while (expected <= last) {
    const Frame frame = peer.read();
    CHECK(!frame.is_end());
    if (frame.id() == mev::GapNoticeMessage::TemplateId) {
      const auto notice = frame.as<mev::GapNoticeMessage>();
      CHECK_EQ(notice.first_sequence, expected);
      CHECK(notice.cause == mev::GapCause::NotRetained);
      missing += notice.last_sequence - notice.first_sequence + 1;
      expected = notice.last_sequence + 1;
    } else if (frame.id() == mev::MetricRecord::TemplateId) {
      CHECK_EQ(frame.header.sequence, expected);
      CHECK_EQ(frame.as<mev::MetricRecord>().value, static_cast<double>(expected));
      ++expected;
    }
  }
  CHECK(missing > 0);
  CHECK_EQ(engine.publisher.stats().overtaken, missing);
  CHECK_EQ(engine.publisher.stats().dropped, 0u);
}

TEST(slow_subscriber_that_takes_nothing_is_given_up) {
  Engine engine([](auto& o) {
    o.subscriber_timeout = 200ms;
    o.when_full = mev::WhenFull::Wait;
  });
  Host peer(engine.endpoint(), 4096);
  peer.hello();
  peer.subscribe(1);
  eventually([&] { return engine.publisher.stats().subscribers == 1; }, "subscribed");
  // It blocks while the peer holds the records, and goes on when the peer is gone.
  engine.publish(1, 4000, std::string(5000, 'x'));
  eventually([&] { return engine.publisher.stats().subscribers == 0; }, "given up");
}

TEST(heartbeats_come_while_idle_and_answer_with_echo) {
  Engine engine([](auto& o) { o.heartbeat_interval = 20ms; });
  engine.publish(1, 3);
  engine.publisher.set_slot(777);
  auto peer = subscribed(engine);
  peer->expect_metrics(1, 3);
  Frame idle = peer->expect<mev::HeartbeatMessage>();
  CHECK_EQ(idle.header.sequence, 3u);
  CHECK_EQ(idle.as<mev::HeartbeatMessage>().slot, 777u);
  CHECK_EQ(idle.as<mev::HeartbeatMessage>().echo_nanoseconds, 0u);
  const std::uint64_t before = mev::detail::unix_nanoseconds();
  peer->send(mev::HeartbeatMessage{});
  do idle = peer->expect<mev::HeartbeatMessage>();
  while (idle.as<mev::HeartbeatMessage>().echo_nanoseconds == 0);
  const auto answer = idle.as<mev::HeartbeatMessage>();
  CHECK(answer.echo_nanoseconds >= before);
  CHECK(answer.echo_received_nanoseconds >= answer.echo_nanoseconds);
  CHECK(idle.header.engine_time >= answer.echo_received_nanoseconds);
}

TEST(host_that_promised_heartbeats_and_is_silent_is_told_goodbye) {
  Engine engine;
  auto peer = subscribed(engine, 1, 20);
  CHECK(peer->expect_goodbye(mev::GoodbyeCode::TooSlow).find("heartbeats") != std::string::npos);
}

TEST(handshake_that_is_not_finished_ends) {
  Engine engine([](auto& o) { o.handshake_timeout = 50ms; });
  Host peer(engine.endpoint());
  peer.hello();
  CHECK(peer.expect_goodbye(mev::GoodbyeCode::TooSlow).find("in time") != std::string::npos);
}

TEST(too_many_subscribers_are_told_busy) {
  Engine engine([](auto& o) { o.max_subscribers = 2; });
  auto early = std::make_unique<Host>(engine.endpoint());
  early->hello();
  auto a = subscribed(engine), b = subscribed(engine);
  eventually([&] { return engine.publisher.stats().subscribers == 2; }, "subscribed");
  early->subscribe(1);
  early->expect_goodbye(mev::GoodbyeCode::Busy);
  Host late(engine.endpoint());
  late.expect_goodbye(mev::GoodbyeCode::Busy);
  a->close();
  eventually([&] { return engine.publisher.stats().subscribers == 1; }, "one left");
  engine.publish(1, 1);
  subscribed(engine)->expect_metrics(1, 1);
}

TEST(garbage_peers_do_not_disturb_a_host) {
  Engine engine([](auto& o) { o.max_handshakes = 32; });
  auto good = subscribed(engine);
  std::vector<std::unique_ptr<Host>> peers;
  std::uint64_t next = 1;
  for (unsigned i = 0; i < 200; ++i) {
    peers.push_back(std::make_unique<Host>(engine.endpoint()));
    std::string garbage;
    for (unsigned k = 0; k < i * 7; ++k) garbage += static_cast<char>((i * 31 + k * k * 17 + k) & 0xFF);
    peers.back()->send_bytes(garbage);
    if (i % 3 == 0) peers.back()->close();
    if (i % 20 == 0) {
      engine.publish(next, next);
      good->expect_metrics(next, next);
      ++next;
    }
  }
  engine.publish(next, next + 100);
  good->expect_metrics(next, next + 100);
  peers.clear();
  subscribed(engine, next)->expect_metrics(next, next + 100);
}

TEST(protocol_errors_of_a_host_are_named) {
  Engine engine;
  {
    auto peer = subscribed(engine);
    peer->subscribe(1);
    CHECK(peer->expect_goodbye(mev::GoodbyeCode::ProtocolError).find("twice") != std::string::npos);
  }
  {
    Host peer(engine.endpoint());
    peer.hello();
    peer.session ^= 1;
    peer.subscribe(1);
    CHECK(peer.expect_goodbye(mev::GoodbyeCode::ProtocolError).find("another session") != std::string::npos);
  }
  {
    auto peer = subscribed(engine);
    peer->send_bytes(std::string(40, '\x01'));
    CHECK(peer->expect_goodbye(mev::GoodbyeCode::ProtocolError).find("malformed") != std::string::npos);
  }
  {
    // A frame that is only too long for a peer that is not subscribed.
    Host peer(engine.endpoint());
    peer.hello();
    mev::detail::FrameBuffer frame;
    frame.add(0, mev::GoodbyeMessage{}, std::string(2000, 'x'));
    peer.send_bytes(frame.view());
    CHECK(peer.expect_goodbye(mev::GoodbyeCode::ProtocolError).find("over the limit") != std::string::npos);
  }
  CHECK_EQ(engine.publisher.stats().refused, 4u);
}

TEST(goodbye_of_a_host_cannot_forge_log_lines) {
  Engine engine;
  auto peer = subscribed(engine);
  peer->send(mev::GoodbyeMessage{}, "bye\n\x1b[31m\xE2\x80\xAE" "forged\xC2\x85\xE2\x80\xA8\xC3\xA9");
  eventually([&] {
    const std::lock_guard<std::mutex> guard(engine.gate);
    return std::any_of(engine.log.begin(), engine.log.end(), [](const auto& line) { return line.find("bye??[31m?forged??\xC3\xA9") != std::string::npos; });
  }, "the goodbye is logged without control characters");
  CHECK(peer->read().is_end());
}

TEST(messages_of_a_later_version_are_skipped) {
  Engine engine;
  auto peer = subscribed(engine);
  std::uint8_t buffer[256];
  mev::FrameWriter writer(buffer, sizeof buffer);
  writer.header(95, "\1\2\3\4\5\6\7", 8);
  peer->send_bytes({buffer, writer.complete(0, 0)});
  // An ack of a later version is longer.
  struct {
    mev::AckMessage known;
    std::uint64_t added = 5;
  } ack;
  engine.publish(1, 1);
  peer->expect_metrics(1, 1);
  ack.known.session_id = peer->session;
  ack.known.durable_sequence = 1;
  writer.header(mev::AckMessage::TemplateId, &ack, sizeof ack);
  peer->send_bytes({buffer, writer.complete(0, 0)});
  eventually([&] { return engine.publisher.stats().acknowledged == 1; }, "acknowledged");
}

TEST(complete_sends_the_rest_then_goodbye_and_serves_late_hosts) {
  Engine engine;
  auto peer = subscribed(engine);
  engine.publish(1, 500);
  std::thread ending([&] { CHECK(engine.publisher.complete(mev::GoodbyeCode::EndOfStream, "that was all", std::chrono::seconds(60))); });
  peer->expect_metrics(1, 500);
  const Frame goodbye = peer->expect<mev::GoodbyeMessage>();
  CHECK_EQ(goodbye.header.sequence, 500u);
  CHECK_EQ(goodbye.text(), "that was all");
  // The host acknowledges its tail before it closes.
  peer->ack(500);
  CHECK(peer->read().is_end());
  peer->close();
  ending.join();
  CHECK(engine.publisher.publish(mev::BlockRecord{}) == mev::Status::Closed);
  auto late = subscribed(engine, 400);
  late->expect_metrics(400, 500);
  late->expect_goodbye(mev::GoodbyeCode::EndOfStream);
}

TEST(complete_says_no_when_records_are_in_no_journal) {
  Engine engine;
  engine.publish(1, 10);
  CHECK(!engine.publisher.complete(mev::GoodbyeCode::EndOfStream, "nobody came", std::chrono::milliseconds(50)));
}

TEST(complete_says_no_of_a_host_whose_journal_has_committed_nothing_yet) {
  Engine engine;
  auto peer = subscribed(engine);
  peer->ack(0);
  engine.publish(1, 10);
  peer->expect_metrics(1, 10);
  CHECK(!engine.publisher.complete(mev::GoodbyeCode::EndOfStream, "that was all", std::chrono::milliseconds(0)));
  peer->expect_goodbye(mev::GoodbyeCode::EndOfStream);
  peer->close();
  CHECK(!engine.publisher.complete(mev::GoodbyeCode::EndOfStream, "", std::chrono::seconds(1)));
  CHECK_EQ(engine.publisher.stats().acknowledged, 0u);
  std::thread ending([&] { CHECK(engine.publisher.complete(mev::GoodbyeCode::EndOfStream, "", std::chrono::seconds(60))); });
  auto back = subscribed(engine);
  back->ack(0);
  back->expect_metrics(1, 10);
  back->expect_goodbye(mev::GoodbyeCode::EndOfStream);
  back->ack(10);
  back->close();
  ending.join();
}

TEST(complete_says_yes_of_a_host_without_a_journal_that_took_everything) {
  Engine engine;
  auto peer = subscribed(engine);
  engine.publish(1, 10);
  peer->expect_metrics(1, 10);
  std::thread ending([&] { CHECK(engine.publisher.complete(mev::GoodbyeCode::EndOfStream, "that was all", std::chrono::seconds(60))); });
  peer->expect_goodbye(mev::GoodbyeCode::EndOfStream);
  peer->close();
  ending.join();
  CHECK_EQ(engine.publisher.stats().acknowledged, 0u);
}

TEST(complete_waits_for_a_host_that_acknowledged_and_went_away) {
  Engine engine;
  auto peer = subscribed(engine);
  engine.publish(1, 10);
  peer->expect_metrics(1, 10);
  peer->ack(4);
  eventually([&] { return engine.publisher.stats().acknowledged == 4; }, "acknowledged");
  peer->close();
  eventually([&] { return engine.publisher.stats().subscribers == 0; }, "gone");
  CHECK_EQ(engine.publisher.stats().acknowledged, 4u);
  std::thread ending([&] { CHECK(engine.publisher.complete(mev::GoodbyeCode::EndOfStream, "that was all", std::chrono::seconds(60))); });
  auto back = subscribed(engine, 5);
  back->expect_metrics(5, 10);
  back->expect_goodbye(mev::GoodbyeCode::EndOfStream);
  back->ack(10);
  back->close();
  ending.join();
}

TEST(complete_is_not_deceived_by_what_was_dropped_in_the_middle) {
  Holder holder;
  Engine engine([&](auto& o) {
    o.when_full = mev::WhenFull::DropAndTell;
    o.on_log = [&](mev::LogLevel, const std::string&) { holder.hold(); };
  });
  auto peer = subscribed(engine);
  eventually([&] { return engine.publisher.stats().subscribers == 1; }, "subscribed");
  holder.arm();
  subscribed(engine).reset();  // its arrival is logged
  holder.wait_until_held();
  const std::string name(1000, 'x');
  for (int dropped = 0; dropped < 50;) {
    if (engine.publisher.publish(mev::MetricRecord{}, name) == mev::Status::Dropped) ++dropped;
  }
  holder.release();
  eventually([&] { return engine.publisher.stats().dropped >= 50; }, "the I/O thread takes over what was published");
  // Ten more records, of which the host keeps none: fewer than were dropped.
  const std::uint64_t last = engine.publisher.stats().next_sequence - 1;
  for (int i = 0; i < 10; ++i) CHECK(engine.publisher.publish(mev::MetricRecord{}, "n") == mev::Status::Ok);
  engine.taken_over(last + 11);
  peer->ack(last);
  eventually([&] { return engine.publisher.stats().acknowledged == last; }, "acknowledged");
  peer->close();
  CHECK(!engine.publisher.complete(mev::GoodbyeCode::EndOfStream, "ten are missing", 300ms));
  // The same host again, which now keeps them. To ask again is to wait longer.
  std::thread ending([&] { CHECK(engine.publisher.complete(mev::GoodbyeCode::EndOfStream, "again", std::chrono::seconds(60))); });
  auto back = subscribed(engine, last + 1);
  while (back->read().id() != mev::GoodbyeMessage::TemplateId) {
  }
  back->ack(last + 10);
  back->close();
  ending.join();
  CHECK_EQ(engine.publisher.stats().lost, 0u);
}

TEST(complete_says_no_when_records_were_given_up_before_the_first_host_came) {
  Engine engine([](auto& o) {
    o.retention_bytes = 64 << 10;
    o.ring_bytes = 64 << 10;
  });
  const std::string name(1000, 'x');
  for (std::uint64_t i = 1; i <= 400; ++i) engine.publish(i, i, name);
  engine.taken_over(401);
  const std::uint64_t first = engine.publisher.stats().first_retained;
  CHECK(first > 1);
  for (int i = 0; i < 2; ++i) {
    auto peer = subscribed(engine, first);
    peer->ack(400);
    eventually([&] { return engine.publisher.stats().acknowledged == 400; }, "acknowledged");
    eventually([&] { return engine.publisher.stats().lost > 0; }, "lost");
    peer->close();
    eventually([&] { return engine.publisher.stats().subscribers == 0; }, "gone");
  }
  CHECK_EQ(engine.publisher.stats().lost, first - 1);
  CHECK(!engine.publisher.complete(mev::GoodbyeCode::EndOfStream, "", std::chrono::seconds(60)));
  const std::lock_guard<std::mutex> guard(engine.gate);
  std::size_t said = 0;
  for (const auto& line : engine.log)
    if (line.find("given up before any host") != std::string::npos) ++said;
  CHECK_EQ(said, 1u);
}

TEST(acknowledged_is_not_hidden_by_a_subscriber_that_never_acknowledges) {
  Engine engine;
  engine.publish(1, 10);
  auto peer = subscribed(engine);
  peer->ack(7);
  eventually([&] { return engine.publisher.stats().acknowledged == 7; }, "acknowledged");
  auto viewer = subscribed(engine);
  eventually([&] { return engine.publisher.stats().subscribers == 2; }, "subscribed");
  CHECK_EQ(engine.publisher.stats().acknowledged, 7u);
}

TEST(log_says_why_a_subscriber_left) {
  Engine engine;
  engine.publish(1, 10);
  const auto has = [&](const std::string& end) {
    const std::lock_guard<std::mutex> guard(engine.gate);
    return std::any_of(engine.log.begin(), engine.log.end(), [&](const std::string& line) {
      return line.size() >= end.size() && line.compare(line.size() - end.size(), end.size(), end) == 0;
    });
  };
  auto refused = subscribed(engine, 11);
  refused->replay(3, 2);
  CHECK(refused->expect_goodbye(mev::GoodbyeCode::ProtocolError).size() > 0);
  refused->close();
  eventually([&] { return has("left: it was told goodbye: the host asked for a range that is none, or for more than 65,536 records."); }, "the refusal is told");
  auto peer = subscribed(engine, 11);
  eventually([&] { return engine.publisher.stats().subscribers == 1; }, "subscribed");
  std::thread ending([&] { CHECK(engine.publisher.complete(mev::GoodbyeCode::EndOfStream, "that was all", std::chrono::seconds(60))); });
  peer->expect_goodbye(mev::GoodbyeCode::EndOfStream);
  peer->close();
  ending.join();
  CHECK(has("left: the stream was completed."));
}

TEST(stop_ends_a_publisher_that_waits) {
  Engine engine([](auto& o) {
    o.retention_bytes = 64 << 10;
    o.ring_bytes = 64 << 10;
  });
  auto peer = subscribed(engine);
  engine.publish(1, 1);
  peer->expect_metrics(1, 1);
  peer->ack(1);
  eventually([&] { return engine.publisher.stats().acknowledged == 1; }, "acknowledged");
  std::thread hot([&] {
    mev::Status status = mev::Status::Ok;
    while (status == mev::Status::Ok) status = engine.publisher.publish(mev::AccountRecord{}, std::string(1000, 'x'));
    CHECK(status == mev::Status::Closed);
  });
  eventually([&] { return engine.publisher.stats().next_sequence > 60; }, "the ring fills up");
  engine.publisher.stop();
  hot.join();
  engine.publisher.stop();
  while (!peer->read().is_end()) {
  }
}

TEST(many_producers_lose_nothing_and_each_stays_in_order) {
  Engine engine([](auto& o) {
    o.wakeup = mev::Wakeup::Signal;
    o.many_producers = true;
  });
  auto peer = subscribed(engine);
  std::vector<std::thread> producers;
  for (int p = 0; p < 3; ++p)
    producers.emplace_back([&, p] {
      for (int i = 0; i < 2000; ++i) {
        mev::MetricRecord metric;
        metric.value = i;
        metric.time_nanoseconds = static_cast<std::uint64_t>(p);
        CHECK(engine.publisher.publish(metric, "n") == mev::Status::Ok);
      }
    });
  double next[3] = {};
  for (std::uint64_t sequence = 1; sequence <= 6000; ++sequence) {
    const Frame frame = peer->expect<mev::MetricRecord>();
    CHECK_EQ(frame.header.sequence, sequence);
    const auto metric = frame.as<mev::MetricRecord>();
    CHECK_EQ(metric.value, next[metric.time_nanoseconds]);
    ++next[metric.time_nanoseconds];
  }
  for (auto& producer : producers) producer.join();
}

TEST(stress_publisher_hosts_and_controls_at_once) {
  Engine engine([](auto& o) {
    o.when_full = mev::WhenFull::DropAndTell;
    o.retention_bytes = 256 << 10;
    o.ring_bytes = 128 << 10;
    o.heartbeat_interval = 10ms;
    o.wakeup = mev::Wakeup::Signal;
  });
  std::atomic<bool> done{false};
  std::thread hot([&] {
    std::uint64_t sequence = 0;
    for (int round = 0; round < 200; ++round) {
      for (int i = 0; i < 100; ++i) {
        mev::MetricRecord metric;
        metric.value = static_cast<double>(++sequence);
        const auto status = engine.publisher.publish(metric, std::string(static_cast<std::size_t>(i * 17 % 900), 'x'));
        CHECK(status == mev::Status::Ok || status == mev::Status::Dropped);
      }
      std::this_thread::sleep_for(1ms);
    }
    done.store(true);
  });
  std::thread watcher([&] {
    while (!done.load()) {
      engine.publisher.set_slot(engine.publisher.stats().next_sequence);
      std::this_thread::sleep_for(1ms);
    }
  });
  std::vector<std::thread> hosts;
  for (std::uint32_t h = 0; h < 3; ++h)
    hosts.emplace_back([&, h] {
      // Each reads for a while, breaks off, and comes back behind what it had: nothing may come twice or be missing untold.
      std::uint64_t expected = 1;
      for (std::uint32_t visit = 0; !done.load() || visit == 0; ++visit) {
        Host peer(engine.endpoint());
        const auto hello = peer.hello();
        expected = std::max(expected, hello.first_retained_sequence);
        peer.subscribe(expected, 1000);
        for (std::uint32_t frames = 0; frames < 500 * (h + 1) && !done.load(); ++frames) {
          const Frame frame = peer.read();
          CHECK(!frame.is_end());
          if (frame.id() == mev::GapNoticeMessage::TemplateId) {
            const auto notice = frame.as<mev::GapNoticeMessage>();
            CHECK(notice.first_sequence <= expected);
            expected = std::max(expected, notice.last_sequence + 1);
          } else if (frame.id() == mev::MetricRecord::TemplateId) {
            // Between hello and subscription the retention may have gone on.
            CHECK(frames == 0 ? frame.header.sequence >= expected : frame.header.sequence == expected);
            CHECK_EQ(frame.as<mev::MetricRecord>().value, static_cast<double>(frame.header.sequence));
            expected = frame.header.sequence + 1;
            if (frames % 50 == 0) peer.ack(frame.header.sequence);
            if (frames % 120 == 0) peer.send(mev::HeartbeatMessage{});
          }
        }
      }
    });
  hot.join();
  watcher.join();
  for (auto& peer : hosts) peer.join();
}
