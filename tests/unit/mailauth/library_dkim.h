#ifndef FWD_TESTS_UNIT_MAILAUTH_LIBRARY_DKIM_H
#define FWD_TESTS_UNIT_MAILAUTH_LIBRARY_DKIM_H

// DKIM by libopendkim, to hold against ours.

#include <sys/types.h>

#include <fstream>
#include <string>
#include <string_view>

#define _Bool bool  // the library's header is C
extern "C" {
#include <opendkim/dkim.h>
}
#undef _Bool

namespace fwd::mailauth {

class LibraryDkim {
 public:
  LibraryDkim() : library_(dkim_init(nullptr, nullptr)) {}
  ~LibraryDkim() { dkim_close(library_); }
  LibraryDkim(const LibraryDkim&) = delete;
  LibraryDkim& operator=(const LibraryDkim&) = delete;

  // The field's value, signed by RSA.
  std::string sign(std::string_view message, const std::string& pem) {
    DKIM_STAT state = DKIM_STAT_OK;
    DKIM* one =
        dkim_sign(library_, octets("x"), nullptr, octets(pem), octets("s"), octets("d.example"),
                  DKIM_CANON_RELAXED, DKIM_CANON_RELAXED, DKIM_SIGN_RSASHA256, -1, &state);
    std::string value;
    unsigned char* text = nullptr;
    std::size_t size = 0;
    if (one != nullptr && feed(one, message) == DKIM_STAT_OK &&
        dkim_getsighdr_d(one, 16, &text, &size) == DKIM_STAT_OK)
      value.assign(reinterpret_cast<const char*>(text), size);
    if (one != nullptr) dkim_free(one);
    return value;
  }

  // What it says of a signed message, "" when it is fine.  `name`: where the
  // record of the key would be in the DNS; `file`: where it may write it.
  std::string verify(std::string_view message, const std::string& name, const std::string& record,
                     const std::string& file) {
    std::ofstream(file) << name << ' ' << record << '\n';
    dkim_query_t method = DKIM_QUERY_FILE;
    char path[200] = {};
    file.copy(path, sizeof path - 1);
    dkim_options(library_, DKIM_OP_SETOPT, DKIM_OPTS_QUERYMETHOD, &method, sizeof method);
    dkim_options(library_, DKIM_OP_SETOPT, DKIM_OPTS_QUERYINFO, path, sizeof path);
    DKIM_STAT state = DKIM_STAT_OK;
    DKIM* one = dkim_verify(library_, octets("x"), nullptr, &state);
    if (one == nullptr) return dkim_getresultstr(state);
    state = feed(one, message);
    const char* said = state == DKIM_STAT_OK ? "" : dkim_getresultstr(state);
    dkim_free(one);
    return said;
  }

 private:
  static unsigned char* octets(std::string_view text) {
    return reinterpret_cast<unsigned char*>(const_cast<char*>(text.data()));
  }

  static DKIM_STAT feed(DKIM* one, std::string_view message) {
    const std::size_t end = message.find("\r\n\r\n");
    std::string_view header = message.substr(0, end + 2), body = message.substr(end + 4);
    while (!header.empty()) {
      std::size_t stop = header.find("\r\n");
      while (stop + 2 < header.size() && (header[stop + 2] == ' ' || header[stop + 2] == '\t'))
        stop = header.find("\r\n", stop + 2);
      const DKIM_STAT state = dkim_header(one, octets(header), stop);
      if (state != DKIM_STAT_OK) return state;
      header.remove_prefix(stop + 2);
    }
    DKIM_STAT state = dkim_eoh(one);
    if (state == DKIM_STAT_OK && !body.empty()) state = dkim_body(one, octets(body), body.size());
    // RFC 6376 §3.4.4: a last line without its end gets one.
    if (state == DKIM_STAT_OK && !body.empty() && body.back() != '\n')
      state = dkim_body(one, octets("\r\n"), 2);
    return state == DKIM_STAT_OK ? dkim_eom(one, nullptr) : state;
  }

  DKIM_LIB* library_;
};

}  // namespace fwd::mailauth

#endif
