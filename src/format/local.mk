noinst_LIBRARIES += src/format/libformat.a
src_format_libformat_a_SOURCES = \
  src/format/json.cc src/format/json.h
FORMAT_LIBS = src/format/libformat.a $(CORE_LIBS)
