# Filled when the floor is built.
CONFIG_LIBS = $(CORE_LIBS)
