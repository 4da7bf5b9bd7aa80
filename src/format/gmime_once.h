#ifndef FWD_FORMAT_GMIME_ONCE_H
#define FWD_FORMAT_GMIME_ONCE_H

// GMime wants to be started once a process, before its first use.

namespace fwd::format {

void start_gmime();

}  // namespace fwd::format

#endif
