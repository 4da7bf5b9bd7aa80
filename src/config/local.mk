noinst_LIBRARIES += src/config/libconfig.a
src_config_libconfig_a_SOURCES = \
  src/config/command_line.cc src/config/command_line.h \
  src/config/kind.cc src/config/kind.h \
  src/config/loader.cc \
  src/config/option_pages.cc src/config/option_pages.h \
  src/config/option_table.cc src/config/option_table.h \
  src/config/options.cc src/config/options.h \
  src/config/roff.cc src/config/roff.h
EXTRA_DIST += src/config/README
CONFIG_LIBS = src/config/libconfig.a $(CORE_LIBS) $(BOOST_PROGRAM_OPTIONS_LIBS)

# src/config/print-pages manual|example: forwardemail.conf(5) and its example file.
noinst_PROGRAMS += src/config/print-pages
src_config_print_pages_SOURCES = src/config/print_pages.cc
src_config_print_pages_LDADD = $(CONFIG_LIBS)
