// Runs every registered CppUnit suite of a check program and prints one line a
// suite; exits 1 when anything failed.  An argument narrows to tests whose
// name contains it.
#include <cppunit/BriefTestProgressListener.h>
#include <cppunit/CompilerOutputter.h>
#include <cppunit/TestResult.h>
#include <cppunit/TestResultCollector.h>
#include <cppunit/extensions/TestFactoryRegistry.h>
#include <cppunit/ui/text/TestRunner.h>

#include <iostream>
#include <string>

namespace {

// Runs the leaves of `test` whose name holds `part`.
void run_matching(CppUnit::Test& test, const std::string& part, CppUnit::TestResult& result) {
  if (test.getChildTestCount() == 0) {
    if (test.getName().find(part) != std::string::npos) test.run(&result);
    return;
  }
  for (int i = 0; i < test.getChildTestCount(); ++i)
    run_matching(*test.getChildTestAt(i), part, result);
}

}  // namespace

int main(int argc, char** argv) {
  CppUnit::TestResult result;
  CppUnit::TestResultCollector collector;
  result.addListener(&collector);
  CppUnit::BriefTestProgressListener progress;
  if (argc > 1) result.addListener(&progress);
  CppUnit::Test* all = CppUnit::TestFactoryRegistry::getRegistry().makeTest();
  run_matching(*all, argc > 1 ? argv[1] : "", result);
  CppUnit::CompilerOutputter(&collector, std::cerr).write();
  const int failed = collector.testFailuresTotal();
  const int ran = collector.runTests();
  std::cout << ran - failed << " passed, " << failed << " failed\n";
  delete all;  // failures point to their tests
  return failed == 0 && ran > 0 ? 0 : 1;
}
