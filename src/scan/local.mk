noinst_LIBRARIES += src/scan/libscan.a
src_scan_libscan_a_SOURCES = \
  src/scan/clamd.cc src/scan/clamd.h \
  src/scan/clamd_dialogue.cc src/scan/clamd_dialogue.h \
  src/scan/endpoint.cc src/scan/endpoint.h \
  src/scan/header_lines.cc src/scan/header_lines.h \
  src/scan/local_names.cc src/scan/local_names.h \
  src/scan/rspamd.cc src/scan/rspamd.h \
  src/scan/rspamd_answer.cc src/scan/rspamd_answer.h \
  src/scan/scanners.cc src/scan/scanners.h \
  src/scan/verdicts.h
EXTRA_DIST += src/scan/README
SCAN_LIBS = src/scan/libscan.a $(FORMAT_LIBS) $(NET_LIBS)
