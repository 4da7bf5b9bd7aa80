noinst_LIBRARIES += src/core/libcore.a
src_core_libcore_a_SOURCES = \
  src/core/all_of.h \
  src/core/clock.cc src/core/clock.h \
  src/core/event.cc src/core/event.h \
  src/core/first_of.h \
  src/core/line_reader.cc src/core/line_reader.h \
  src/core/log.cc src/core/log.h \
  src/core/memory_pipe.cc src/core/memory_pipe.h \
  src/core/outcome.cc src/core/outcome.h \
  src/core/ready.cc src/core/ready.h \
  src/core/stream.h \
  src/core/task.h \
  src/core/task_group.cc src/core/task_group.h \
  src/core/text.cc src/core/text.h \
  src/core/wipe.cc src/core/wipe.h
EXTRA_DIST += src/LAYERS src/core/README
CORE_LIBS = src/core/libcore.a
