// Addresses, domain names and expressions in the form the directory compares.
#include "core/text.h"
#include "format/address.h"
#include "format/alias_pattern.h"
#include "storage/directory/routes.h"

namespace fwd::directory {
