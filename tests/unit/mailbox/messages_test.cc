// Messages of a mailbox file: storing, reading, flags, expunging, copying.
#include <cppunit/extensions/HelperMacros.h>

#include "core/text.h"
#include "tests/unit/mailbox/scene.h"

namespace fwd::mailbox {
namespace {

using model::FlagChange;
using model::UidSet;

std::string unpack(const std::vector<format::PackedChunk>& chunks) {
  std::string out;
  for (const auto& chunk : chunks) out += get(format::unpack_chunk(chunk));
  return out;
}

class MessagesTest : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(MessagesTest);
  CPPUNIT_TEST(what_was_appended_is_fetched);
  CPPUNIT_TEST(batches_are_bounded_and_give_every_row_once);
  CPPUNIT_TEST(a_part_is_read_without_the_whole);
  CPPUNIT_TEST(chunks_that_do_not_fit_are_refused);
  CPPUNIT_TEST(counts_and_modseqs_follow_flags);
  CPPUNIT_TEST(unchanged_since_spares_newer_messages);
  CPPUNIT_TEST(keywords_keep_their_first_spelling_and_are_bounded);
  CPPUNIT_TEST(only_deleted_messages_are_expunged_and_uids_are_never_reused);
  CPPUNIT_TEST(changes_tell_flags_new_messages_and_what_is_gone);
  CPPUNIT_TEST(a_pruned_history_gives_all_uids_instead);
  CPPUNIT_TEST(copies_share_content_until_the_last_is_gone);
  CPPUNIT_TEST(copying_into_the_same_folder_ends);
  CPPUNIT_TEST(moving_keeps_ids_and_expunges_the_source);
  CPPUNIT_TEST(a_full_mailbox_refuses_and_changes_nothing);
  CPPUNIT_TEST(used_up_uids_are_refused);
  CPPUNIT_TEST(recent_messages_are_claimed_once);
  CPPUNIT_TEST(threads_follow_message_ids_and_subjects);
  CPPUNIT_TEST(the_first_unseen_and_the_keywords_are_found);
  CPPUNIT_TEST_SUITE_END();

 public:
  void what_was_appended_is_fetched() {
    FileScene scene;
    auto message = new_message("one", model::kSeen | model::kFlagged);
    message.flags.add_keyword("$Forwarded");
    message.internal_date = 1234567890;
    const auto done = scene.append("inbox", {message});
    CPPUNIT_ASSERT(done.uids == (std::vector<std::pair<model::Uid, model::Uid>>{{0, 1}}));
    CPPUNIT_ASSERT_EQUAL(get(scene.file->get_folder("INBOX")).uid_validity, done.uid_validity);
    scene.reopen();
    const auto rows = scene.fetch("INBOX", UINT32_MAX);
    CPPUNIT_ASSERT_EQUAL(std::size_t{1}, rows.size());
    const model::MessageRow& row = rows[0];
    CPPUNIT_ASSERT(row.outline == message.message.outline);
    CPPUNIT_ASSERT(row.has_content);
    CPPUNIT_ASSERT_EQUAL(message_text("one"), unpack(row.chunks));
    CPPUNIT_ASSERT(row.flags == message.flags);
    CPPUNIT_ASSERT_EQUAL(std::int64_t{1234567890}, row.internal_date);
    CPPUNIT_ASSERT_EQUAL(kNow, row.save_date);
    CPPUNIT_ASSERT_EQUAL(message.message.size, row.size);
    CPPUNIT_ASSERT(row.email_id.size() == 24 && row.thread_id.size() == 24);
    const auto light = scene.fetch("INBOX", model::kColFlags);
    CPPUNIT_ASSERT(light[0].outline.envelope.empty() && light[0].chunks.empty());
    CPPUNIT_ASSERT_EQUAL(kNow, scene.fetch("INBOX", 0)[0].save_date);
  }

  void batches_are_bounded_and_give_every_row_once() {
    Limits limits;
    limits.batch_rows = 7;
    FileScene scene(limits);
    scene.append("INBOX", new_messages(50));
    scene.flag("INBOX", UidSet{{10, 12}, {20, 20}}, model::kDeleted);
    scene.expunge("INBOX");
    FetchCursor cursor;
    cursor.folder = scene.id_of("INBOX");
    cursor.uids = UidSet{{1, 30}, {40, 40}, {49, UINT32_MAX}};
    UidSet seen;
    std::size_t rows = 0;
    while (!cursor.ended) {
      const auto batch = get(scene.file->fetch(cursor));
      CPPUNIT_ASSERT(batch.size() <= 7);
      rows += batch.size();
      for (const auto& row : batch) seen.add(row.uid);
    }
    CPPUNIT_ASSERT_EQUAL(std::string("1:9,13:19,21:30,40,49:50"), seen.text());
    CPPUNIT_ASSERT_EQUAL(std::size_t{29}, rows);
    const auto changed =
        scene.fetch("INBOX", 0, UidSet::all(), get(scene.file->get_folder("INBOX")).highest_modseq);
    CPPUNIT_ASSERT(changed.empty());
  }

  void a_part_is_read_without_the_whole() {
    Limits limits;
    limits.batch_octets = 100000;
    FileScene scene(limits);
    // A short first chunk, as trace lines make, then whole ones.
    const std::string head = "Received: by us\r\n", text = message_text("big", 400000);
    model::NewMessage message;
    message.message = format::pack_message(text);
    for (auto& chunk : message.message.chunks) chunk.offset += head.size();
    auto first = format::pack_chunks(head);
    message.message.chunks.insert(message.message.chunks.begin(), first.begin(), first.end());
    message.message.size += head.size();
    scene.append("INBOX", {message});
    const std::string whole = head + text;
    const auto read = [&](std::uint64_t offset, std::uint64_t length) {
      ContentCursor cursor;
      cursor.folder = scene.id_of("INBOX");
      cursor.uid = 1;
      cursor.offset = offset;
      cursor.end = offset + length;
      std::vector<format::PackedChunk> chunks;
      while (!cursor.ended)
        for (auto& chunk : get(scene.file->read_content(cursor))) chunks.push_back(chunk);
      return chunks;
    };
    CPPUNIT_ASSERT_EQUAL(whole, unpack(read(0, UINT32_MAX)));
    for (const std::uint64_t offset : {0ULL, 16ULL, 17ULL, 65552ULL, 65553ULL, 300000ULL}) {
      const auto chunks = read(offset, 10);
      CPPUNIT_ASSERT(!chunks.empty() && chunks.size() <= 2);
      CPPUNIT_ASSERT(chunks[0].offset <= offset);
      CPPUNIT_ASSERT_EQUAL(whole.substr(offset, 10),
                           unpack(chunks).substr(offset - chunks[0].offset, 10));
    }
    CPPUNIT_ASSERT(read(whole.size(), 10).empty());
    CPPUNIT_ASSERT(!scene.fetch("INBOX", model::kColContent)[0].has_content);
    ContentCursor gone;
    gone.folder = scene.id_of("INBOX");
    gone.uid = 2;
    gone.end = 10;
    assert_fault(Fault::kNotFound, scene.file->read_content(gone));
  }

  void chunks_that_do_not_fit_are_refused() {
    FileScene scene;
    const auto refuse = [&](model::NewMessage message) {
      assert_fault(Fault::kBadInput,
                   scene.commit([&] { return scene.file->append("INBOX", {message}, 0, kNow); }));
    };
    auto message = new_message("bad");
    message.message.size += 1;
    refuse(message);
    message = new_message("bad");
    message.message.chunks[0].offset = 1;
    refuse(message);
    message = new_message("bad");
    message.message.chunks.push_back(message.message.chunks[0]);
    refuse(message);
    CPPUNIT_ASSERT_EQUAL(std::uint32_t{0}, get(scene.file->get_folder("INBOX")).messages);
    CPPUNIT_ASSERT_EQUAL(std::uint64_t{0}, get(scene.file->used()));
  }

  void counts_and_modseqs_follow_flags() {
    FileScene scene;
    scene.append("INBOX", new_messages(4));
    const auto before = get(scene.file->get_folder("INBOX"));
    CPPUNIT_ASSERT(before.messages == 4 && before.unseen == 4 && before.uid_next == 5);
    const auto stored = scene.flag("INBOX", UidSet{{2, 3}, {9, 9}}, model::kSeen | model::kDeleted);
    CPPUNIT_ASSERT_EQUAL(std::size_t{2}, stored.changed.size());
    const auto after = get(scene.file->get_folder("INBOX"));
    CPPUNIT_ASSERT(after.unseen == 2 && after.deleted == 2 && after.size == before.size);
    CPPUNIT_ASSERT_EQUAL(before.highest_modseq + 1, after.highest_modseq);
    CPPUNIT_ASSERT_EQUAL(after.highest_modseq, stored.changed[0].modseq);
    // The same again changes nothing, and says how things are.
    const auto again = scene.flag("INBOX", UidSet{{2, 3}}, model::kSeen);
    CPPUNIT_ASSERT_EQUAL(after.highest_modseq, again.changed[1].modseq);
    CPPUNIT_ASSERT(again.changed[1].flags.has(model::kDeleted));
    CPPUNIT_ASSERT_EQUAL(after.highest_modseq, get(scene.file->get_folder("INBOX")).highest_modseq);
    scene.flag("INBOX", UidSet{{2, 2}}, model::kAnswered, FlagChange::kReplace);
    scene.flag("INBOX", UidSet{{3, 3}}, model::kDeleted, FlagChange::kRemove);
    CPPUNIT_ASSERT_EQUAL(std::uint32_t{3}, get(scene.file->get_folder("INBOX")).unseen);
    assert_ok(scene.file->check());
  }

  void unchanged_since_spares_newer_messages() {
    FileScene scene;
    scene.append("INBOX", new_messages(3));
    const auto since = get(scene.file->get_folder("INBOX")).highest_modseq;
    scene.flag("INBOX", UidSet{{2, 2}}, model::kSeen);
    const auto id = scene.id_of("INBOX");
    model::Flags flags;
    flags.system = model::kFlagged;
    const auto done = get(scene.commit([&] {
      return scene.file->store_flags(id, UidSet::all(), FlagChange::kAdd, flags, since, kNow);
    }));
    CPPUNIT_ASSERT_EQUAL(std::string("2"), done.failed.text());
    CPPUNIT_ASSERT_EQUAL(std::size_t{2}, done.changed.size());
  }

  void keywords_keep_their_first_spelling_and_are_bounded() {
    Limits limits;
    limits.keywords = 2;
    FileScene scene(limits);
    scene.append("INBOX", new_messages(2));
    const auto id = scene.id_of("INBOX");
    const auto store = [&](UidSet uids, FlagChange how, const std::string& keyword) {
      model::Flags flags;
      flags.add_keyword(keyword);
      return scene.commit(
          [&] { return scene.file->store_flags(id, uids, how, flags, UINT64_MAX, kNow); });
    };
    assert_ok(store(UidSet{{1, 1}}, FlagChange::kAdd, "NonJunk"));
    const auto second = get(store(UidSet{{2, 2}}, FlagChange::kAdd, "nonjunk"));
    CPPUNIT_ASSERT_EQUAL(std::string("NonJunk"), second.changed[0].flags.keywords[0]);
    assert_ok(store(UidSet{{1, 1}}, FlagChange::kAdd, "$b"));
    assert_fault(Fault::kOverLimit, store(UidSet{{1, 1}}, FlagChange::kAdd, "third"));
    assert_ok(store(UidSet{{1, 1}}, FlagChange::kRemove, "unknown"));
    for (const char* bad : {"", "a b", "a(", "\x80"})
      assert_fault(Fault::kBadInput, store(UidSet{{1, 1}}, FlagChange::kAdd, bad));
    const auto gone = get(store(UidSet{{1, 1}}, FlagChange::kRemove, "NONJUNK"));
    CPPUNIT_ASSERT_EQUAL(std::size_t{1}, gone.changed[0].flags.keywords.size());
  }

  void only_deleted_messages_are_expunged_and_uids_are_never_reused() {
    FileScene scene;
    scene.append("INBOX", new_messages(3));
    scene.flag("INBOX", UidSet{{1, 1}, {3, 3}}, model::kDeleted);
    CPPUNIT_ASSERT_EQUAL(std::string("3"), scene.expunge("INBOX", UidSet{{2, 3}}).text());
    CPPUNIT_ASSERT_EQUAL(std::string("1"), scene.expunge("INBOX").text());
    scene.flag("INBOX", UidSet::all(), model::kDeleted);
    scene.expunge("INBOX");
    CPPUNIT_ASSERT_EQUAL(std::uint64_t{0}, get(scene.file->used()));
    scene.reopen();
    CPPUNIT_ASSERT_EQUAL(model::Uid{4}, scene.append("INBOX", new_messages(1)).uids[0].second);
    assert_ok(scene.file->check());
  }

  void changes_tell_flags_new_messages_and_what_is_gone() {
    FileScene scene;
    scene.append("INBOX", new_messages(5));
    const auto since = get(scene.file->get_folder("INBOX")).highest_modseq;
    scene.flag("INBOX", UidSet{{2, 2}}, model::kSeen);
    scene.flag("INBOX", UidSet{{4, 5}}, model::kDeleted);
    scene.expunge("INBOX");
    scene.append("INBOX", new_messages(1));
    const auto changes = scene.changes("INBOX", since);
    CPPUNIT_ASSERT_EQUAL(std::size_t{2}, changes.messages.size());
    CPPUNIT_ASSERT(changes.messages[0].uid == 2 && changes.messages[1].uid == 6);
    CPPUNIT_ASSERT(changes.messages[0].flags.has(model::kSeen));
    CPPUNIT_ASSERT(changes.expunged_complete);
    CPPUNIT_ASSERT_EQUAL(std::string("4:5"), changes.expunged.text());
    CPPUNIT_ASSERT_EQUAL(std::string("5"),
                         scene.changes("INBOX", since, UidSet{{1, 3}, {5, 9}}).expunged.text());
    CPPUNIT_ASSERT_EQUAL(model::Uid{7}, changes.uid_next);
    const auto none = scene.changes("INBOX", changes.highest_modseq);
    CPPUNIT_ASSERT(none.messages.empty() && none.expunged.empty() && none.expunged_complete);
    CPPUNIT_ASSERT_EQUAL(std::size_t{4}, scene.changes("INBOX", 0).messages.size());
    CPPUNIT_ASSERT(scene.changes("INBOX", UINT64_MAX).messages.empty());
  }

  void a_pruned_history_gives_all_uids_instead() {
    Limits limits;
    limits.expunge_records = 3;
    FileScene scene(limits);
    scene.append("INBOX", new_messages(20));
    std::vector<model::ModSeq> after;
    for (model::Uid uid = 2; uid <= 12; uid += 2) {
      scene.flag("INBOX", UidSet{{uid, uid}}, model::kDeleted);
      scene.expunge("INBOX");
      after.push_back(get(scene.file->get_folder("INBOX")).highest_modseq);
    }
    // Six went, the records of the last three are kept.
    CPPUNIT_ASSERT_EQUAL(std::int64_t{3}, scene.number("SELECT count(*) FROM expunged"));
    const auto recent = scene.changes("INBOX", after[2]);
    CPPUNIT_ASSERT(recent.expunged_complete && recent.uids.empty());
    CPPUNIT_ASSERT_EQUAL(std::string("8,10,12"), recent.expunged.text());
    const auto old = scene.changes("INBOX", after[1]);
    CPPUNIT_ASSERT(!old.expunged_complete);
    CPPUNIT_ASSERT_EQUAL(std::size_t{14}, old.uids.size());
    assert_ok(scene.file->check());
  }

  void copies_share_content_until_the_last_is_gone() {
    FileScene scene;
    scene.append("INBOX", new_messages(3, model::kFlagged));
    const auto used = get(scene.file->used());
    const auto inbox = scene.id_of("INBOX");
    const auto done = get(scene.commit([&] {
      return scene.file->copy(inbox, UidSet{{2, 9}}, "Archive", kNow + 5);
    }));
    CPPUNIT_ASSERT(done.uids == (std::vector<std::pair<model::Uid, model::Uid>>{{2, 1}, {3, 2}}));
    CPPUNIT_ASSERT_EQUAL(used, get(scene.file->used()));
    CPPUNIT_ASSERT_EQUAL(std::int64_t{3}, scene.number("SELECT count(*) FROM contents"));
    const auto copies = scene.fetch("Archive", UINT32_MAX);
    const auto sources = scene.fetch("INBOX", UINT32_MAX);
    CPPUNIT_ASSERT_EQUAL(sources[1].email_id, copies[0].email_id);
    CPPUNIT_ASSERT(copies[0].flags == sources[1].flags);
    CPPUNIT_ASSERT_EQUAL(kNow + 5, copies[0].save_date);
    CPPUNIT_ASSERT(copies[0].outline == sources[1].outline);
    scene.flag("INBOX", UidSet::all(), model::kDeleted);
    scene.expunge("INBOX");
    CPPUNIT_ASSERT_EQUAL(std::int64_t{2}, scene.number("SELECT count(*) FROM contents"));
    CPPUNIT_ASSERT(scene.fetch("Archive", model::kColContent)[1].has_content);
    scene.flag("Archive", UidSet::all(), model::kDeleted);
    scene.expunge("Archive");
    for (const std::string table :
         {"contents", "outlines", "search_texts", "chunks", "thread_links"})
      CPPUNIT_ASSERT_EQUAL(std::int64_t{0}, scene.number("SELECT count(*) FROM " + table));
    CPPUNIT_ASSERT_EQUAL(std::uint64_t{0}, get(scene.file->used()));
    assert_fault(Fault::kNotFound,
                 scene.commit([&] { return scene.file->copy(inbox, UidSet::all(), "no", kNow); }));
  }

  void copying_into_the_same_folder_ends() {
    FileScene scene;
    scene.append("INBOX", new_messages(600));
    const auto inbox = scene.id_of("INBOX");
    const auto copied =
        get(scene.commit([&] { return scene.file->copy(inbox, UidSet::all(), "INBOX", kNow); }));
    CPPUNIT_ASSERT_EQUAL(std::size_t{600}, copied.uids.size());
    const auto moved = get(scene.commit([&] {
      return scene.file->move(inbox, UidSet{{1, 600}}, "INBOX", kNow);
    }));
    CPPUNIT_ASSERT_EQUAL(std::size_t{600}, moved.uids.size());
    CPPUNIT_ASSERT_EQUAL(std::uint32_t{1200}, get(scene.file->get_folder("INBOX")).messages);
    assert_ok(scene.file->check());
  }

  void moving_keeps_ids_and_expunges_the_source() {
    FileScene scene;
    scene.append("INBOX", new_messages(3));
    const auto before = get(scene.file->get_folder("INBOX"));
    const auto row = scene.fetch("INBOX", UINT32_MAX)[1];
    const auto done = get(scene.commit([&] {
      return scene.file->move(before.id, UidSet{{2, 2}}, "Trash", kNow + 9);
    }));
    CPPUNIT_ASSERT(done.uids == (std::vector<std::pair<model::Uid, model::Uid>>{{2, 1}}));
    const auto moved = scene.fetch("Trash", UINT32_MAX)[0];
    CPPUNIT_ASSERT(moved.email_id == row.email_id && moved.thread_id == row.thread_id);
    CPPUNIT_ASSERT_EQUAL(kNow + 9, moved.save_date);
    CPPUNIT_ASSERT_EQUAL(row.internal_date, moved.internal_date);
    const auto changes = scene.changes("INBOX", before.highest_modseq);
    CPPUNIT_ASSERT_EQUAL(std::string("2"), changes.expunged.text());
    CPPUNIT_ASSERT_EQUAL(done.highest_modseq, changes.highest_modseq);
    assert_ok(scene.file->check());
  }

  void a_full_mailbox_refuses_and_changes_nothing() {
    FileScene scene;
    scene.append("INBOX", new_messages(1));
    const auto used = get(scene.file->used());
    const auto fill = [&](std::uint64_t quota, int count) {
      return scene.commit(
          [&] { return scene.file->append("INBOX", new_messages(count), quota, kNow); });
    };
    assert_fault(Fault::kOverQuota, fill(used - 1, 1));
    assert_fault(Fault::kOverQuota, fill(used * 2 + 20, 3));
    CPPUNIT_ASSERT_EQUAL(used, get(scene.file->used()));
    CPPUNIT_ASSERT_EQUAL(std::uint32_t{1}, get(scene.file->get_folder("INBOX")).messages);
    assert_ok(fill(used * 2 + 20, 1));
    assert_fault(Fault::kOverQuota,
                 scene.commit([&] { return scene.file->deliver({incoming("x")}, used, kNow); }));
    assert_ok(scene.file->check());
  }

  void used_up_uids_are_refused() {
    Limits limits;
    limits.last_uid = 3;
    FileScene scene(limits);
    scene.append("INBOX", new_messages(3));
    assert_fault(Fault::kOverLimit, scene.commit([&] {
      return scene.file->append("INBOX", new_messages(1), 0, kNow);
    }));
    const auto id = scene.id_of("INBOX");
    assert_fault(Fault::kOverLimit, scene.commit([&] {
      return scene.file->copy(id, UidSet{{1, 1}}, "INBOX", kNow);
    }));
  }

  void recent_messages_are_claimed_once() {
    FileScene scene;
    scene.append("INBOX", new_messages(3));
    CPPUNIT_ASSERT_EQUAL(std::uint32_t{3}, get(scene.file->get_folder("INBOX")).recent);
    CPPUNIT_ASSERT(scene.open("INBOX", false).recent.empty());
    CPPUNIT_ASSERT_EQUAL(std::string("1:3"), scene.open("INBOX", true).recent.text());
    CPPUNIT_ASSERT(scene.open("INBOX", true).recent.empty());
    CPPUNIT_ASSERT_EQUAL(std::uint32_t{0}, get(scene.file->get_folder("INBOX")).recent);
    scene.append("INBOX", new_messages(1));
    const auto id = scene.id_of("INBOX");
    const auto changes =
        get(scene.commit([&] { return scene.file->changes_since(id, 1, {}, true, kNow); }));
    CPPUNIT_ASSERT_EQUAL(std::string("4"), changes.recent.text());
  }

  void threads_follow_message_ids_and_subjects() {
    FileScene scene;
    const auto add = [&](const std::string& id, const std::string& references,
                         const std::string& subject = "Hello") {
      model::NewMessage message;
      message.message = packed(id, 10, references, subject);
      const auto uid = scene.append("INBOX", {message}).uids[0].second;
      return scene.fetch("INBOX", model::kColIds, UidSet{{uid, uid}})[0].thread_id;
    };
    const auto root = add("a", "");
    CPPUNIT_ASSERT_EQUAL(root, add("b", "<a@example.test>", "Re: hello"));
    CPPUNIT_ASSERT_EQUAL(root, add("c", "<b@example.test>", "Hello"));
    CPPUNIT_ASSERT(root != add("d", "<a@example.test>", "Something else"));
    CPPUNIT_ASSERT(root != add("e", ""));
    // The root may go: those that name it keep the thread together.
    scene.flag("INBOX", UidSet{{1, 1}}, model::kDeleted);
    scene.expunge("INBOX");
    CPPUNIT_ASSERT_EQUAL(root, add("f", "<a@example.test>"));
  }

  void the_first_unseen_and_the_keywords_are_found() {
    FileScene scene;
    auto messages = new_messages(4, model::kSeen);
    messages[2].flags = model::Flags{};
    messages[2].flags.add_keyword("$Junk");
    messages[3].flags.add_keyword("$junk");
    messages[3].flags.add_keyword("work");
    scene.append("INBOX", messages);
    const auto open = scene.open("INBOX");
    CPPUNIT_ASSERT(open.uids == (std::vector<model::Uid>{1, 2, 3, 4}));
    CPPUNIT_ASSERT_EQUAL(model::Uid{3}, open.first_unseen);
    CPPUNIT_ASSERT(open.keywords == (std::vector<std::string>{"$Junk", "work"}));
    CPPUNIT_ASSERT_EQUAL(model::Uid{0}, scene.open("Trash").first_unseen);
  }
};

CPPUNIT_TEST_SUITE_REGISTRATION(MessagesTest);

}  // namespace
}  // namespace fwd::mailbox
