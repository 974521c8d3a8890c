#include "mev_engine_stream.hpp"

#include <cstdio>

int main() {
  mev::PublisherOptions options;
  options.listen = {"tcp://127.0.0.1:9700"};
  options.name = "minimal-engine";
  mev::Publisher engine;
  if (!engine.start(options)) return std::fprintf(stderr, "%s\n", engine.error().c_str()), 1;
  engine.wait_for_subscriber(std::chrono::minutes(1));

  for (std::uint64_t id = 1; id <= 1000; ++id) {
    mev::OpportunityRecord seen;
    seen.opportunity_id = id;
    seen.kind = mev::OpportunityKind::Arbitrage;
    engine.publish(seen);  // numbered, kept for replay, and sent by another thread
  }
  return engine.complete(mev::GoodbyeCode::EndOfStream, "that was all", std::chrono::minutes(1)) ? 0 : 1;
}
