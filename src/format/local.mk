# Filled when the floor is built.
FORMAT_LIBS = $(CORE_LIBS)
