# Filled when the floor is built.
NET_LIBS = $(CORE_LIBS)
