#ifndef FWD_STORAGE_SQLCIPHER_PAGE_CIPHER_H
#define FWD_STORAGE_SQLCIPHER_PAGE_CIPHER_H

// The callbacks SQLCipher asks for, whichever layout it wants them in.  The
// void* is a PageCipher; nothing here ever leaves an output as it was.

namespace fwd::sqlcipher {

// Per codec; holds no key.
struct PageCipher;

namespace page_cipher {

int init(void** cipher);
int free(void** cipher);
void copy(void* to, const void* from);

int random(void* cipher, void* to, int size);
int crypt(void* cipher, int mode, unsigned char* key, int key_size, unsigned char* iv,
          unsigned char* in, int in_size, unsigned char* out);
int authenticate(void* cipher, unsigned char* key, int key_size, unsigned char* in, int in_size,
                 unsigned char* page, int page_size, unsigned char* out);
int derive(void* cipher, const unsigned char* pass, int pass_size, const unsigned char* salt,
           int salt_size, int work, int key_size, unsigned char* key);

}  // namespace page_cipher
}  // namespace fwd::sqlcipher

#endif
