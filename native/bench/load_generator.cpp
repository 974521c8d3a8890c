// Publishes frames of about 500 bytes as fast as subscribers take them, and prints what that cost.
//
//   load_generator ENDPOINT [RECORDS] [BYTES]     load_generator tcp://127.0.0.1:0 5000000 500
//
// ENDPOINT is tcp://HOST:PORT (0 = a free port) or unix:///PATH. First line of output: "listening ENDPOINT". It then waits for a
// subscriber, publishes RECORDS transactions (default 5,000,000) of BYTES bytes a frame (default 500; rounded up to 8), ends the stream with a
// goodbye, and prints one line of JSON:
//
//   {"records":5000000,"bytes":2520000000,"seconds":2.1,"publish_cpu_seconds":0.4,"cpu_seconds":2.0}
//
// seconds: from the subscription until the last subscriber had everything and left. publish_cpu_seconds: what the publishing thread used,
// cpu_seconds: the whole process. The frames are encoded once; publishing copies, numbers and stamps them, the I/O thread
// computes the checksums and sends.
#include "../mev_engine_stream.hpp"

#include <cinttypes>
#include <cstdio>
#include <cstdlib>
#include <ctime>

namespace {

double seconds(clockid_t clock) {
  timespec now{};
  ::clock_gettime(clock, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

}  // namespace

int main(int count, char** arguments) {
  const std::uint64_t records = count > 2 ? std::strtoull(arguments[2], nullptr, 10) : 5'000'000;
  const std::size_t bytes = count > 3 ? std::strtoull(arguments[3], nullptr, 10) : 500;
  mev::PublisherOptions options;
  options.name = "load-generator";
  options.simulated = true;
  if (count > 1) options.listen = {arguments[1]};

  // A transaction with one swap, and wire bytes for the rest: 32 + 176 + 8 + 224 + 4 + 4 bytes are there without them.
  const std::size_t bare = mev::FrameSize::of<mev::TransactionRecord>().group<mev::SwapEntry>(1).data(0).data(0).bytes;
  std::vector<std::vector<std::uint8_t>> frames(64);
  for (std::size_t i = 0; i < frames.size(); ++i) {
    mev::TransactionRecord record;
    record.slot = 300'000'000 + i;
    record.fee_lamports = 5000 + i;
    record.flags = mev::TransactionFlags::Simulated;
    mev::SwapEntry swap;
    swap.amount_in = 1'000'000 + i;
    const std::vector<std::uint8_t> wire(bytes > bare ? bytes - bare : 0, static_cast<std::uint8_t>(i));
    frames[i].resize(mev::align8(bare + wire.size()));
    mev::FrameWriter writer(frames[i].data(), frames[i].size());
    writer.block(record).group(mev::Span<const mev::SwapEntry>(&swap, 1)).data(wire).data("");
    writer.complete(0, mev::detail::unix_nanoseconds());
  }

  mev::Publisher publisher;
  if (!publisher.start(options)) return std::fprintf(stderr, "%s\n", publisher.error().c_str()), 1;
  std::printf("listening %s\n", publisher.endpoints().front().c_str());
  std::fflush(stdout);
  if (!publisher.wait_for_subscriber(std::chrono::minutes(10))) return std::fprintf(stderr, "nobody subscribed within 10 minutes\n"), 1;

  const double started = seconds(CLOCK_MONOTONIC), cpu = seconds(CLOCK_PROCESS_CPUTIME_ID), own = seconds(CLOCK_THREAD_CPUTIME_ID);
  for (std::uint64_t i = 0; i < records; ++i) {
    const mev::Status status = publisher.publish_frame(frames[i % frames.size()]);
    if (status != mev::Status::Ok) return std::fprintf(stderr, "%s\n", mev::to_text(status)), 1;
  }
  const double published = seconds(CLOCK_THREAD_CPUTIME_ID) - own;
  publisher.complete(mev::GoodbyeCode::EndOfStream, "that was all", std::chrono::minutes(10));
  std::printf("{\"records\":%" PRIu64 ",\"bytes\":%" PRIu64 ",\"seconds\":%.3f,\"publish_cpu_seconds\":%.3f,\"cpu_seconds\":%.3f}\n", records,
              records * frames[0].size(), seconds(CLOCK_MONOTONIC) - started, published, seconds(CLOCK_PROCESS_CPUTIME_ID) - cpu);
  return 0;
}
