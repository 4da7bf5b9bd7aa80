# Filled when the floor is built.
RPC_LIBS = $(MODEL_LIBS) $(NET_LIBS)
