// Addresses and expressions as the directory compares them.
#include "core/text.h"
#include "format/address.h"
#include "format/alias_pattern.h"
#include "storage/directory/routes.h"

namespace fwd::directory {
