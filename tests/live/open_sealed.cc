// What a thief with the server key and the disk, but no password, can read:
// opens the spool with the key and tries every secret he could have on every
// sealed message.   open-sealed SERVER-KEY DATA-FOLDER
#include <filesystem>
#include <iostream>
#include <string>
#include <vector>

#include "crypto/seal.h"
#include "crypto/server_key.h"
#include "storage/spool/shard_file.h"
#include "storage/sqlcipher/database.h"

namespace {

using namespace fwd;

// Keys a thief would try in place of the mailbox's own.
std::vector<crypto::SecretKey> guesses(const crypto::SecretKey& server_key) {
  std::vector<crypto::SecretKey> keys;
  keys.push_back(server_key.clone());
  keys.push_back(crypto::SecretKey::zero());
  keys.push_back(crypto::SecretKey::random());
  for (const char* purpose : {"spool", "directory.sqlite", "scram decoy", "inbox", "mailbox"})
    keys.push_back(crypto::subkey(server_key, purpose));
  return keys;
}

struct Tally {
  int seen = 0, opened = 0;
};

int try_shard(const std::string& path, unsigned number, const crypto::SecretKey& server_key,
              Tally& tally) {
  spool::SpoolOptions options;
  options.folder = std::filesystem::path(path).parent_path();
  auto shard =
      spool::ShardFile::open(path, crypto::subkey(server_key, "spool"), number, options, 0);
  if (!shard.ok()) {
    std::cerr << shard.failure().private_text << '\n';
    return 1;
  }
  auto stats = shard.value()->all_stats();
  if (!stats.ok()) return 1;
  for (const auto& [alias_id, waiting] : stats.value()) {
    auto entries = shard.value()->read(alias_id, 0, UINT64_MAX);
    if (!entries.ok()) return 1;
    for (const spool::Waiting& entry : entries.value()) {
      ++tally.seen;
      for (const crypto::SecretKey& key : guesses(server_key)) {
        const auto as_inbox = crypto::open_from_inbox(key, server_key, entry.sealed, alias_id);
        const auto as_seal = crypto::open_sealed(key, alias_id, entry.sealed);
        if (as_inbox.ok() || as_seal.ok()) ++tally.opened;
      }
    }
  }
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) return 2;
  const std::string folder = argv[2];
  auto key = crypto::load_server_key(argv[1]);
  auto started = sqlcipher::start(folder);
  if (!key.ok() || !started.ok()) {
    std::cerr << (key.ok() ? started.failure() : key.failure()).private_text << '\n';
    return 1;
  }
  Tally tally;
  for (unsigned number = 0;; ++number) {
    const std::string path = folder + "/spool/" + std::to_string(number) + ".sqlite";
    if (!std::filesystem::exists(path)) break;
    if (const int status = try_shard(path, number, key.value(), tally); status != 0) return status;
  }
  std::cout << tally.seen << " sealed messages seen, " << tally.opened << " opened\n";
  return tally.opened == 0 ? 0 : 1;
}
