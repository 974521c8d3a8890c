#include "check.hpp"

#include <cstring>

// With a name runs that test, without one all of them.
int main(int count, char** arguments) {
  int run = 0;
  for (const check::Case& test : check::cases()) {
    if (count > 1 && std::strcmp(arguments[1], test.name) != 0) continue;
    if (count == 1) std::printf("%s\n", test.name);
    std::fflush(stdout);
    test.run();
    ++run;
  }
  if (run == 0) std::fprintf(stderr, "no such test\n");
  return run == 0 ? 2 : 0;
}
