// The proof of a shared key, and the control channel.
#include "host.hpp"

using namespace host;

namespace {

const std::string Key = "0123456789abcdef0123456789abcdef";

mev::ParameterUpdateMessage update(std::uint8_t id, std::uint64_t revision, std::uint16_t strategy = 3) {
  mev::ParameterUpdateMessage message;
  message.update_id.bytes[0] = id;
  message.update_id.bytes[15] = 1;
  message.revision = revision;
  message.strategy_id = strategy;
  return message;
}

void expect_result(Host& peer, std::uint8_t id, mev::ParameterState state, std::uint64_t in_force, const std::string& reason = {}) {
  const Frame frame = peer.expect<mev::ParameterResultMessage>();
  const auto result = frame.as<mev::ParameterResultMessage>();
  CHECK_EQ(static_cast<int>(result.update_id.bytes[0]), static_cast<int>(id));
  CHECK_EQ(static_cast<int>(result.state), static_cast<int>(state));
  CHECK_EQ(result.revision, in_force);
  CHECK_EQ(result.strategy_id, 3);
  CHECK(result.decided_nanoseconds > 0);
  if (!reason.empty()) CHECK_EQ(frame.text(), reason);
}

// Answers the challenge; returns the nonce it drew.
mev::Bytes32 prove(Host& peer, const std::string& key, const Frame& challenge, std::uint8_t nonce = 9) {
  mev::ProofMessage proof;
  proof.nonce.bytes[3] = nonce;
  proof.mac = mev::session_proof(mev::ProofSide::Host, key, peer.hello_frame.bytes, challenge.bytes, proof.nonce);
  peer.send(proof);
  return proof.nonce;
}

}  // namespace

TEST(auth_right_key_is_served_and_the_engine_proves_itself) {
  const std::string next_key(64, 'k');
  Engine engine([&](auto& o) { o.keys = {next_key, Key}; });
  engine.publish(1, 5);
  for (const auto& key : {Key, next_key}) {
    Host peer(engine.endpoint());
    CHECK(mev::has(peer.hello().flags, mev::StreamFlags::Authenticated));
    const Frame challenge = peer.expect<mev::ChallengeMessage>();
    const auto nonce = prove(peer, key, challenge);
    const auto answer = peer.expect<mev::ProofMessage>().as<mev::ProofMessage>();
    CHECK(mev::equal_in_constant_time(answer.nonce, mev::Bytes32{}));
    CHECK(mev::equal_in_constant_time(answer.mac, mev::session_proof(mev::ProofSide::Engine, key, peer.hello_frame.bytes, challenge.bytes, nonce)));
    peer.subscribe(1);
    peer.expect_metrics(1, 5);
  }
}

TEST(auth_challenge_is_new_for_every_connection) {
  Engine engine([&](auto& o) { o.keys = {Key}; });
  Host a(engine.endpoint()), b(engine.endpoint());
  a.hello();
  b.hello();
  CHECK(!mev::equal_in_constant_time(a.expect<mev::ChallengeMessage>().as<mev::ChallengeMessage>().nonce,
                                     b.expect<mev::ChallengeMessage>().as<mev::ChallengeMessage>().nonce));
}

TEST(auth_wrong_key_replayed_or_missing_proof_is_unauthorized) {
  Engine engine([&](auto& o) { o.keys = {Key}; });
  engine.publish(1, 5);
  {
    Host peer(engine.endpoint());
    peer.hello();
    prove(peer, "another key of sixteen", peer.expect<mev::ChallengeMessage>());
    // It does not say what was wrong.
    CHECK_EQ(peer.expect_goodbye(mev::GoodbyeCode::Unauthorized), "the peer did not prove that it has the key.");
  }
  {
    // The engine's own label, as an attacker would get by reflection.
    Host peer(engine.endpoint());
    peer.hello();
    const Frame challenge = peer.expect<mev::ChallengeMessage>();
    mev::ProofMessage proof;
    proof.mac = mev::session_proof(mev::ProofSide::Engine, Key, peer.hello_frame.bytes, challenge.bytes, proof.nonce);
    peer.send(proof);
    peer.expect_goodbye(mev::GoodbyeCode::Unauthorized);
  }
  {
    // A proof that was right for another connection.
    Host first(engine.endpoint()), second(engine.endpoint());
    first.hello();
    second.hello();
    const Frame challenge = first.expect<mev::ChallengeMessage>();
    second.expect<mev::ChallengeMessage>();
    mev::ProofMessage proof;
    proof.mac = mev::session_proof(mev::ProofSide::Host, Key, first.hello_frame.bytes, challenge.bytes, proof.nonce);
    second.send(proof);
    second.expect_goodbye(mev::GoodbyeCode::Unauthorized);
  }
  for (int what = 0; what < 3; ++what) {
    Host peer(engine.endpoint());
    peer.hello();
    peer.expect<mev::ChallengeMessage>();
    if (what == 0) peer.subscribe(1);
    if (what == 1) peer.ack(5);
    if (what == 2) peer.replay(1, 5);
    peer.expect_goodbye(mev::GoodbyeCode::Unauthorized);
  }
  CHECK_EQ(engine.publisher.stats().acknowledged, 0u);
  CHECK_EQ(engine.publisher.stats().refused, 6u);
}

TEST(control_update_is_applied_once_and_its_answer_remembered) {
  std::vector<std::string> applied;
  Engine engine([&](auto& o) {
    o.on_parameters = [&](const mev::ParameterUpdate& u) {
      applied.push_back(std::string(u.parameters));
      return u.parameters == "{}" ? mev::ParameterDecision::reject("empty") : mev::ParameterDecision::accept();
    };
    o.revisions[3] = 4;
  });
  auto peer = subscribed(engine);
  CHECK(mev::has(peer->hello_frame.as<mev::HelloMessage>().flags, mev::StreamFlags::TakesParameters));
  peer->send(update(1, 5), R"({"tip":1})");
  expect_result(*peer, 1, mev::ParameterState::Applied, 5);
  peer->send(update(1, 5), R"({"tip":1})");
  expect_result(*peer, 1, mev::ParameterState::Applied, 5);
  peer->send(update(2, 5), R"({"tip":2})");
  expect_result(*peer, 2, mev::ParameterState::Superseded, 5, "revision 5 is in force.");
  peer->send(update(3, 3), R"({"tip":3})");
  expect_result(*peer, 3, mev::ParameterState::Superseded, 5);
  peer->send(update(4, 6), "{}");
  expect_result(*peer, 4, mev::ParameterState::Rejected, 5, "empty");
  peer->send(update(4, 6), "{}");
  expect_result(*peer, 4, mev::ParameterState::Rejected, 5, "empty");
  auto late = update(5, 7);
  late.expires_nanoseconds = 1;
  peer->send(late, "{}");
  expect_result(*peer, 5, mev::ParameterState::Expired, 5);
  // The same over a new connection.
  peer->close();
  auto again = subscribed(engine);
  again->send(update(1, 5), R"({"tip":1})");
  expect_result(*again, 1, mev::ParameterState::Applied, 5);
  again->send(update(6, 8), R"({"tip":6})");
  expect_result(*again, 6, mev::ParameterState::Applied, 8);
  engine.publisher.stop();
  CHECK_EQ(applied.size(), 3u);
  CHECK_EQ(applied[0], R"({"tip":1})");
  CHECK_EQ(applied[1], "{}");
}

TEST(control_handler_that_throws_rejects) {
  Engine engine([&](auto& o) { o.on_parameters = [](const mev::ParameterUpdate&) -> mev::ParameterDecision { throw 1; }; });
  auto peer = subscribed(engine);
  peer->send(update(1, 1), "{}");
  expect_result(*peer, 1, mev::ParameterState::Rejected, 0, "the engine's handler threw an exception.");
  engine.publish(1, 1);
  peer->expect_metrics(1, 1);
}

TEST(control_poll_runs_the_callbacks_on_the_callers_thread) {
  const auto own = std::this_thread::get_id();
  std::uint64_t scores = 0;
  Engine engine([&](auto& o) {
    o.control_thread = mev::ControlThread::Poll;
    o.on_parameters = [&](const mev::ParameterUpdate&) {
      CHECK(std::this_thread::get_id() == own);
      return mev::ParameterDecision::accept();
    };
    o.on_scores = [&](const mev::OpportunityScores& s) {
      CHECK(std::this_thread::get_id() == own);
      CHECK_EQ(s.model_version, "m1");
      CHECK_EQ(s.message.threshold, 0.5);
      for (const auto& score : s.scores) scores += score.opportunity_id;
    };
  });
  auto peer = subscribed(engine);
  // More updates than wait at once: they stay in the connection, and none is lost.
  for (unsigned i = 0; i < 600; ++i) {
    auto message = update(static_cast<std::uint8_t>(i), i + 1);
    message.update_id.bytes[1] = static_cast<std::uint8_t>(i >> 8);
    peer->send(message, "{}");
  }
  for (unsigned i = 0; i < 600;) {
    const std::size_t done = engine.publisher.poll_control(16);
    if (done == 0) std::this_thread::sleep_for(1ms);
    for (std::size_t k = 0; k < done; ++k, ++i) expect_result(*peer, static_cast<std::uint8_t>(i), mev::ParameterState::Applied, i + 1);
  }
  mev::OpportunityScoresMessage message;
  message.threshold = 0.5;
  mev::OpportunityScore entries[3];
  for (std::uint64_t i = 0; i < 3; ++i) entries[i].opportunity_id = i + 1;
  std::uint8_t buffer[512];
  mev::FrameWriter writer(buffer, sizeof buffer);
  writer.block(message).group(mev::Span<const mev::OpportunityScore>(entries)).data("m1");
  peer->send_bytes({buffer, writer.complete(0, 0)});
  eventually([&] { return engine.publisher.poll_control() > 0; }, "scores come");
  CHECK_EQ(scores, 6u);
}

TEST(control_answer_reaches_the_connection_that_asked_last) {
  Engine engine([&](auto& o) {
    o.control_thread = mev::ControlThread::Poll;
    o.on_parameters = [](const mev::ParameterUpdate&) { return mev::ParameterDecision::accept(); };
  });
  auto first = subscribed(engine);
  first->send(update(1, 1), "{}");
  eventually([&] { return engine.publisher.poll_control() == 1; }, "the update is decided");
  first->close();
  auto second = subscribed(engine);
  second->send(update(1, 1), "{}");
  eventually([&] { return engine.publisher.poll_control() == 1; }, "it is asked again");
  expect_result(*second, 1, mev::ParameterState::Applied, 1);
}

TEST(control_without_handlers_is_skipped_and_malformed_ends_the_session) {
  {
    Engine engine;
    auto peer = subscribed(engine);
    peer->send(update(1, 1), "{}");
    engine.publish(1, 1);
    peer->expect_metrics(1, 1);
  }
  Engine engine([&](auto& o) {
    o.on_parameters = [](const mev::ParameterUpdate&) { return mev::ParameterDecision::accept(); };
    o.on_scores = [](const mev::OpportunityScores&) {};
  });
  std::uint8_t buffer[256];
  for (const bool scores : {false, true}) {
    auto peer = subscribed(engine);
    mev::FrameWriter writer(buffer, sizeof buffer);
    if (scores)
      writer.block(mev::OpportunityScoresMessage{}).data("xxxx");
    else
      writer.block(update(1, 1)).data("{}");
    const std::size_t length = writer.complete(0, 0);
    mev::detail::store(buffer + length - 8, std::uint32_t{0xFFFF});
    mev::detail::store(buffer + 4, mev::detail::frame_crc(buffer, length));
    peer->send_bytes({buffer, length});
    CHECK(peer->expect_goodbye(mev::GoodbyeCode::ProtocolError).find("outside") != std::string::npos);
  }
}
