// SPDX-License-Identifier: MIT
// Our engine behind the workloads that the peers run; see tests/bench/README.md.
#include "pagescape/check.h"
#include "pagescape/compact.h"
#include "pagescape/store.h"
#include "workloads.hpp"

using namespace hb;
namespace ps = pagescape;

namespace {

ps::Bytes bytes(Slice slice) {
    return {reinterpret_cast<const std::byte*>(slice.p), slice.n};
}

Slice slice(ps::Bytes bytes) {
    return {reinterpret_cast<const u8*>(bytes.data()), bytes.size()};
}

template <typename T>
T take(ps::Result<T> result, const char* what) {
    if (!result) {
        die(std::string(what) + ": " + result.error().describe());
    }
    if constexpr (!std::is_void_v<T>) {
        return std::move(*result);
    }
}

std::string nestName(int sub) {
    return "nest" + std::to_string(sub);
}

struct Pagescape {
    static std::string name(const Args& a) {
        return a.get("single", "0") == "1"           ? "pagescape-single"
               : a.get("freelist", "array") == "map" ? "pagescape-map"
                                                     : "pagescape";
    }
    static std::string family(const Args&) { return "pagescape"; }
    static void remove(const std::string& path) { unlink(path.c_str()); }

    static ps::StoreOptions options(const Args& a, unsigned mode) {
        ps::StoreOptions out;
        out.noSync = (mode & kSync) == 0;
        out.noGrowSync = out.noSync && a.get("growsync", "0") == "0"; // as bbolt_bench does
        out.readOnly = (mode & kReadOnly) != 0;
        out.splitToSingleItems = a.get("single", "0") == "1";
        out.freelistType = a.get("freelist", "array") == "map" ? ps::FreelistType::Hashmap
                                                               : ps::FreelistType::Array;
        return out;
    }

    struct Db {
        std::optional<ps::Store> store;
        std::string path;
        Db(const Args& a, const std::string& p, unsigned mode)
            : store(take(ps::Store::open(p, options(a, mode)), "open")), path(p) {
            if ((mode & kReadOnly) != 0) {
                return;
            }
            bool isThere = false;
            take(store->view([&](const ps::ReadTransaction& tx) -> ps::Result<void> {
                const auto bench = take(tx.rootBucket().bucket(ps::asBytes("bench")), "bucket");
                isThere = bench && ((mode & kNested) == 0 ||
                                    take(bench->bucket(ps::asBytes("nest9")), "nest"));
                return {};
            }),
                 "view");
            if (!isThere) {
                take(store->update([&](ps::WriteTransaction& tx) -> ps::Result<void> {
                    auto bench = take(tx.createBucketIfNotExists(ps::asBytes("bench")), "make");
                    for (int s = 0; (mode & kNested) != 0 && s < 10; ++s) {
                        take(bench.createBucketIfNotExists(ps::asBytes(nestName(s))), "nest");
                    }
                    return {};
                }),
                     "update");
            }
        }
        void close() {
            if (store) {
                take(store->close(), "close");
            }
            store.reset();
        }
        u64 used_bytes() {
            const auto tx = take(store->beginRead(), "begin");
            return tx.meta().highWater.value * tx.meta().pageSize;
        }
        u64 free_pages() {
            const auto now = store->statistics();
            return now.freePages + now.pendingPages;
        }
    };

    struct RTx {
        ps::ReadTransaction tx;
        explicit RTx(Db& db) : tx(take(db.store->beginRead(), "begin")) {}
    };
    struct WTx {
        ps::WriteTransaction tx;
        explicit WTx(Db& db) : tx(take(db.store->beginWrite(), "begin")) {}
        void commit() { take(tx.commit(), "commit"); }
    };
    struct Bucket {
        std::optional<ps::Bucket> reading;
        std::optional<ps::WriteBucket> writing;
        Bucket(RTx& t, int sub) {
            reading = take(t.tx.rootBucket().bucket(ps::asBytes("bench")), "bucket");
            if (sub >= 0) {
                reading = take(reading->bucket(ps::asBytes(nestName(sub))), "nest");
            }
        }
        Bucket(WTx& t, int sub) {
            writing = take(t.tx.bucket(ps::asBytes("bench")), "bucket");
            if (sub >= 0) {
                writing = take(writing->bucket(ps::asBytes(nestName(sub))), "nest");
            }
        }
        bool get(Slice key, Slice& value) {
            const auto found = reading ? take(reading->get(bytes(key)), "get")
                                       : take(writing->get(bytes(key)), "get");
            if (found) {
                value = slice(*found);
            }
            return found.has_value();
        }
        void put(Slice key, Slice value) { take(writing->put(bytes(key), bytes(value)), "put"); }
        bool del(Slice key) {
            // Like bolt's Delete it does not tell whether the key was there, and the program for
            // bbolt does not ask either: the count and the digest afterwards tell.
            take(writing->remove(bytes(key)), "remove");
            return true;
        }
    };
    struct Cursor {
        ps::Cursor cursor;
        explicit Cursor(Bucket& bucket) : cursor(bucket.reading->cursor()) {}
        static bool give(const ps::Result<std::optional<ps::Entry>>& entry, Slice& k, Slice& v) {
            if (!entry) {
                die(entry.error().describe());
            }
            if (*entry) {
                k = slice((*entry)->key);
                v = slice((*entry)->value);
            }
            return entry->has_value();
        }
        bool first(Slice& k, Slice& v) { return give(cursor.first(), k, v); }
        bool last(Slice& k, Slice& v) { return give(cursor.last(), k, v); }
        bool next(Slice& k, Slice& v) { return give(cursor.next(), k, v); }
        bool prev(Slice& k, Slice& v) { return give(cursor.prev(), k, v); }
        bool seek(Slice at, Slice& k, Slice& v) { return give(cursor.seek(bytes(at)), k, v); }
    };

    static bool check(Db& db, u64& errors) {
        const auto file = take(ps::PageFile::open(db.path), "open");
        errors = 0;
        take(ps::check(file, {}, [&](const ps::Finding&) { ++errors; }), "check");
        return true;
    }

    static std::vector<std::string> compact_modes(const Args&) {
        return {"W16-compact", "W16-compact-tx0"};
    }
    struct Compactor {
        Db source;
        ps::CompactOptions how;
        std::string target;
        Compactor(const Args& a, const std::string& mode, const std::string& src,
                  const std::string& dst)
            : source(a, src, kReadOnly), target(dst) {
            how.maxTransactionBytes = mode == "W16-compact" ? 65536 : 0;
        }
        void run() {
            ps::StoreOptions options;
            options.noSync = true;
            auto store = take(ps::Store::open(target, options), "open");
            take(ps::compact(take(source.store->beginRead(), "begin"), store, how), "compact");
            take(store.close(), "close");
        }
        void close() { source.close(); }
    };

    static void more(Bench<Pagescape>&, const std::string&) {}
};

} // namespace

int main(int argc, char** argv) {
    const Args args = parse_args(argc, argv);
    Bench<Pagescape>(args).run(args.workload);
}
