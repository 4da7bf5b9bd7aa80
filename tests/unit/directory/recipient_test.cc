// Recipients, answered from memory and from the file.
#include "tests/unit/directory/destination_suite.h"
#include "tests/unit/directory/embedded_directory.h"
#include "tests/unit/directory/recipient_suite.h"

using namespace fwd::testing;

CPPUNIT_TEST_SUITE_REGISTRATION(RecipientSuite<EmbeddedDirectory<1000>>);
CPPUNIT_TEST_SUITE_REGISTRATION(RecipientSuite<EmbeddedDirectory<0>>);
CPPUNIT_TEST_SUITE_REGISTRATION(RecipientSuite<EmbeddedDirectory<3>>);
CPPUNIT_TEST_SUITE_REGISTRATION(DestinationSuite<EmbeddedDirectory<1000>>);
CPPUNIT_TEST_SUITE_REGISTRATION(DestinationSuite<EmbeddedDirectory<0>>);
CPPUNIT_TEST_SUITE_REGISTRATION(DestinationSuite<EmbeddedDirectory<3>>);
