noinst_LIBRARIES += src/protocol/sasl/libsasl.a
src_protocol_sasl_libsasl_a_SOURCES = \
  src/protocol/sasl/exchange.cc src/protocol/sasl/exchange.h \
  src/protocol/sasl/keeper.h
EXTRA_DIST += src/protocol/sasl/README
SASL_LIBS = src/protocol/sasl/libsasl.a $(MODEL_LIBS)
