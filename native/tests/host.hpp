// A host over a blocking socket, as small as a test can use it.
#pragma once

#include "check.hpp"
#include "../mev_engine_stream.hpp"

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace host {

using namespace std::chrono_literals;

// Only a hang reaches it: the machine may be loaded, and sanitizers are slow.
inline constexpr auto Limit = 60s;

inline void eventually(const std::function<bool()>& condition, const char* what) {
  const auto until = std::chrono::steady_clock::now() + Limit;
  while (!condition()) {
    if (std::chrono::steady_clock::now() > until) check::fail(__FILE__, __LINE__, std::string("never came true: ") + what);
    std::this_thread::sleep_for(2ms);
  }
}

struct Frame {
  mev::FrameHeader header;
  std::vector<std::uint8_t> bytes;

  bool is_end() const { return bytes.empty(); }
  std::uint16_t id() const { return header.template_id; }
  mev::BodyReader body() const { return mev::BodyReader(bytes); }
  template <class Block>
  Block as() const {
    Block block;
    if (!body().block(block)) check::fail(__FILE__, __LINE__, "expected message " + std::to_string(Block::TemplateId) + ", got " + std::to_string(id()));
    return block;
  }
  std::string text() const {
    // Only for messages of a block and one text.
    mev::ByteView data(bytes.data(), bytes.size());
    const std::size_t at = sizeof(mev::FrameHeader) + header.block_length;
    return std::string(data.from(at + 4).first(mev::detail::load<std::uint32_t>(data.data() + at)).text());
  }
};

class Host {
 public:
  explicit Host(const std::string& endpoint, int receive_buffer = 0) {
    if (endpoint.rfind("unix://", 0) == 0) {
      socket_ = mev::detail::FileHandle(::socket(AF_UNIX, SOCK_STREAM, 0));
      sockaddr_un address{};
      address.sun_family = AF_UNIX;
      std::memcpy(address.sun_path, endpoint.data() + 7, endpoint.size() - 7);
      CHECK(::connect(socket_.get(), reinterpret_cast<sockaddr*>(&address), sizeof address) == 0);
    } else {
      socket_ = mev::detail::FileHandle(::socket(AF_INET, SOCK_STREAM, 0));
      if (receive_buffer > 0) ::setsockopt(socket_.get(), SOL_SOCKET, SO_RCVBUF, &receive_buffer, sizeof receive_buffer);
      sockaddr_in address{};
      address.sin_family = AF_INET;
      address.sin_port = htons(static_cast<std::uint16_t>(std::stoi(endpoint.substr(endpoint.rfind(':') + 1))));
      address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
      CHECK(::connect(socket_.get(), reinterpret_cast<sockaddr*>(&address), sizeof address) == 0);
    }
    const timeval limit{60, 0};
    ::setsockopt(socket_.get(), SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
  }

  // The next frame; an empty one at the end of the stream.
  Frame read() {
    for (;;) {
      mev::ByteView rest(in_.data() + at_, in_.size() - at_), frame;
      const auto status = reader_.try_read(rest, frame);
      CHECK(status != mev::FrameStatus::Malformed);
      if (status == mev::FrameStatus::Done) {
        Frame result;
        result.bytes.assign(frame.begin(), frame.end());
        result.header = mev::detail::load<mev::FrameHeader>(frame.data());
        at_ = in_.size() - rest.size();
        return result;
      }
      in_.erase(in_.begin(), in_.begin() + static_cast<std::ptrdiff_t>(at_));
      at_ = 0;
      std::uint8_t buffer[65536];
      const auto got = ::recv(socket_.get(), buffer, sizeof buffer, 0);
      if (got < 0 && errno != ECONNRESET && errno != EPIPE) check::fail(__FILE__, __LINE__, "nothing came: " + mev::detail::errno_text(errno));
      if (got <= 0) return {};
      in_.insert(in_.end(), buffer, buffer + got);
    }
  }

  // The next frame of a message; heartbeats that nobody waits for are passed over.
  template <class Block>
  Frame expect() {
    Frame frame = read();
    while (frame.id() == mev::HeartbeatMessage::TemplateId && Block::TemplateId != frame.id()) frame = read();
    if (frame.id() != Block::TemplateId)
      check::fail(__FILE__, __LINE__, "expected message " + std::to_string(Block::TemplateId) + ", got " + std::to_string(frame.id()) +
                                          (frame.id() == mev::GoodbyeMessage::TemplateId ? ": " + frame.text() : ""));
    return frame;
  }

  void send_bytes(mev::ByteView bytes) {
    while (!bytes.empty()) {
      const auto sent = ::send(socket_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (sent <= 0) return;
      bytes = bytes.from(static_cast<std::size_t>(sent));
    }
  }

  template <class Block, class... Data>
  void send(const Block& block, Data... data) {
    mev::detail::FrameBuffer frame;
    frame.add(0, block, mev::ByteView(data)...);
    send_bytes(frame.view());
  }

  mev::HelloMessage hello() {
    hello_frame = expect<mev::HelloMessage>();
    session = hello_frame.as<mev::HelloMessage>().session_id;
    return hello_frame.as<mev::HelloMessage>();
  }

  void subscribe(std::uint64_t from, std::uint32_t heartbeat = 0) {
    mev::SubscribeMessage message;
    message.session_id = session;
    message.from_sequence = from;
    message.heartbeat_milliseconds = heartbeat;
    send(message);
  }

  void ack(std::uint64_t sequence) {
    mev::AckMessage message;
    message.session_id = session;
    message.durable_sequence = sequence;
    send(message);
  }

  void replay(std::uint64_t first, std::uint64_t last) {
    mev::ReplayRequestMessage message;
    message.session_id = session;
    message.first_sequence = first;
    message.last_sequence = last;
    send(message);
  }

  // Reads metrics with consecutive sequences and their number as value.
  void expect_metrics(std::uint64_t first, std::uint64_t last) {
    for (std::uint64_t sequence = first; sequence <= last; ++sequence) {
      const Frame frame = expect<mev::MetricRecord>();
      CHECK_EQ(frame.header.sequence, sequence);
      CHECK_EQ(frame.as<mev::MetricRecord>().value, static_cast<double>(sequence));
    }
  }

  void expect_notice(std::uint64_t first, std::uint64_t last, mev::GapCause cause) {
    const auto notice = expect<mev::GapNoticeMessage>().as<mev::GapNoticeMessage>();
    CHECK_EQ(notice.session_id, session);
    CHECK_EQ(notice.first_sequence, first);
    CHECK_EQ(notice.last_sequence, last);
    CHECK(notice.cause == cause);
  }

  std::string expect_goodbye(mev::GoodbyeCode code) {
    const Frame frame = expect<mev::GoodbyeMessage>();
    CHECK_EQ(static_cast<int>(frame.as<mev::GoodbyeMessage>().code), static_cast<int>(code));
    CHECK(read().is_end());
    return frame.text();
  }

  void close() { socket_.reset(); }

  Frame hello_frame;
  std::uint64_t session = 0;

 private:
  mev::detail::FileHandle socket_;
  mev::FrameReader reader_{std::size_t{64} << 20};
  std::vector<std::uint8_t> in_;
  std::size_t at_ = 0;
};

// An engine on a free port, with what tests want to know of it.
class Engine {
 public:
  explicit Engine(const std::function<void(mev::PublisherOptions&)>& configure = {}) {
    mev::PublisherOptions options;
    options.retention_bytes = 1 << 20;
    options.ring_bytes = 256 << 10;
    options.on_log = [this](mev::LogLevel, const std::string& text) {
      const std::lock_guard<std::mutex> guard(gate);
      log.push_back(text);
    };
    if (configure) configure(options);
    if (!publisher.start(options)) check::fail(__FILE__, __LINE__, publisher.error());
  }

  const std::string& endpoint() const { return publisher.endpoints().front(); }

  // Metrics whose value is their sequence.
  void publish(std::uint64_t first, std::uint64_t last, const std::string& name = "n") {
    for (std::uint64_t i = first; i <= last; ++i) {
      mev::MetricRecord metric;
      metric.value = static_cast<double>(i);
      CHECK(publisher.publish(metric, name) == mev::Status::Ok);
    }
  }

  void taken_over(std::uint64_t next) {
    eventually([&] { return publisher.stats().next_sequence >= next; }, "the I/O thread takes over what was published");
  }

  std::mutex gate;
  std::vector<std::string> log;
  mev::Publisher publisher;
};

inline std::unique_ptr<Host> subscribed(Engine& engine, std::uint64_t from = 1, std::uint32_t heartbeat = 0) {
  auto peer = std::make_unique<Host>(engine.endpoint());
  peer->hello();
  peer->subscribe(from, heartbeat);
  return peer;
}

}  // namespace host
