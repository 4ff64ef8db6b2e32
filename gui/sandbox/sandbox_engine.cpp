// SPDX-License-Identifier: MIT
#include "sandbox/sandbox_engine.h"

#include "models/byte_text.h"
#include "pagescape/page_file.h"
#include "sandbox/sparse_database.h"

#include <QCoreApplication>

#include <algorithm>
#include <utility>

namespace pagescape::gui {

namespace {

struct Texts {
    Q_DECLARE_TR_FUNCTIONS(SandboxEngine)
};

Error refusal(const QString& text, const QString& hint) {
    Error error;
    error.code = ErrorCode::TransactionManaged;
    error.text = text.toStdString();
    error.hint = hint.toStdString();
    return error;
}

std::vector<Bytes> namesOf(const std::vector<QByteArray>& path) {
    std::vector<Bytes> names;
    names.reserve(path.size());
    for (const QByteArray& name : path) {
        names.push_back(toBytes(name));
    }
    return names;
}

// A new file that is to be large begins so.
Result<void> makeSparse(const std::filesystem::path& path, const std::shared_ptr<StorageFile>& file,
                        const SandboxOptions& options) {
    const auto size = file->size();
    if (!size || *size > 0 || options.sparseBytes == 0) {
        return size ? Result<void>() : fail(size.error());
    }
    SparseShape shape;
    shape.pageSize = options.pageSize != 0 ? options.pageSize : shape.pageSize;
    shape.bytes = options.sparseBytes;
    return makeSparseDatabase(path, file, shape);
}

AnswerEvent answerOf(const std::optional<Bytes>& value, bool fromTransaction) {
    AnswerEvent answer;
    answer.isFound = value.has_value();
    answer.fromTransaction = fromTransaction;
    if (value) {
        answer.value = toString(value->first(std::min(value->size(), AnswerEvent::kQuotedBytes)));
        answer.size = value->size();
    }
    return answer;
}

} // namespace

class SandboxEngine::Sink final : public TraceSink {
public:
    explicit Sink(SandboxEngine& engine) : m_engine(engine) {}
    void onEvent(const TraceEvent& event) noexcept override { keep(event); }
    void onWriteEvent(const WriteTraceEvent& event) noexcept override { keep(event); }

private:
    // In place: this is what recording costs the engine, a hundred thousand times a second.
    template <typename Event>
    void keep(const Event& event) {
        if (!m_engine.m_isMuted) {
            m_engine.m_told.emplace_back(event);
            if (m_engine.m_told.size() == kBatch) {
                m_engine.handOver();
            }
        }
    }

    SandboxEngine& m_engine;
};

SandboxEngine::SandboxEngine(std::filesystem::path path, const SandboxOptions& options, Tell tell)
    : m_path(std::move(path)), m_options(options), m_tell(std::move(tell)),
      m_sink(std::make_unique<Sink>(*this)) {
    m_told.reserve(kBatch);
}

SandboxEngine::~SandboxEngine() {
    m_isMuted = true;
    closeStore();
}

Result<std::unique_ptr<SandboxEngine>> SandboxEngine::open(const std::filesystem::path& path,
                                                           const SandboxOptions& options,
                                                           Tell tell) {
    std::unique_ptr<SandboxEngine> engine(new SandboxEngine(path, options, std::move(tell)));
    auto base = openStorageFile(path);
    if (!base) {
        return fail(base.error());
    }
    const auto locked = lockSoon(**base);
    if (!locked) {
        return fail(locked.error());
    }
    if (!*locked) {
        Error error;
        error.code = ErrorCode::LockTimeout;
        error.text = "Another program has the file open: " + path.string();
        error.hint = "Close it there, or edit a copy.";
        return fail(std::move(error));
    }
    if (auto made = makeSparse(path, *base, options); !made) {
        return fail(made.error());
    }
    engine->m_file = std::make_shared<SandboxFile>(
        options.wrapFile ? options.wrapFile(std::move(*base)) : std::move(*base),
        options.keepsBytes);
    engine->m_isMuted = true;
    if (auto opened = engine->openStore(); !opened) {
        return fail(opened.error());
    }
    engine->m_isMuted = false;
    static_cast<void>(engine->m_file->takeDelta()); // a new file begins here
    engine->m_file->forgetOperations();
    return engine;
}

Result<void> SandboxEngine::openStore() {
    StoreOptions options;
    options.timeout = std::chrono::milliseconds(0);
    options.pageSize = m_options.pageSize;
    options.initialMapSize = m_options.initialMapSize;
    options.noSync = m_options.noSync;
    options.noFreelistSync = m_options.noFreelistSync;
    options.trace = m_options.tellsEvents ? m_sink.get() : nullptr;
    options.openFile = [file = m_file](const std::filesystem::path&) { return file; };
    auto store = Store::open(m_path, options);
    if (!store) {
        return fail(store.error());
    }
    m_store.emplace(std::move(*store));
    return {};
}

void SandboxEngine::closeStore() {
    m_tx.reset();
    m_readers.clear();
    m_store.reset();
}

Result<void> SandboxEngine::restore(const std::vector<const FileDelta*>& deltas) {
    m_isMuted = true; // the transaction that is dropped was never there
    closeStore();
    m_isMuted = false;
    m_file->forgetOperations(); // they are of another version
    for (const FileDelta* delta : deltas) {
        if (auto done = m_file->restore(*delta); !done) {
            return done;
        }
    }
    static_cast<void>(m_file->takeDelta());
    return {};
}

Result<void> SandboxEngine::reopen(bool isSynced, std::uint64_t nextReader) {
    m_options.noSync = !isSynced;
    m_nextReader = nextReader;
    const bool wasMuted = std::exchange(m_isMuted, true);
    auto opened = openStore();
    m_isMuted = wasMuted;
    if (opened) {
        tell(reopened());
    }
    handOver();
    return opened;
}

ReopenedEvent SandboxEngine::reopened() const {
    const Store::MapInfo map = m_store->mapping();
    ReopenedEvent event{map.address, map.length, {}, true};
    if (const auto file = PageFile::open(m_path)) { // both metas as they are on the disk now
        const MetaPair& metas = file->layout().metas;
        if (metas.active) {
            event.txid = metas.metas[std::size_t(*metas.active)].fields.txid;
            event.isOtherValid = metas.metas[std::size_t(1 - *metas.active)].isValid();
        }
    }
    return event;
}

Result<void> SandboxEngine::run(SandboxCommand& command, const std::stop_token& stop) {
    tell(CommandEvent{m_nextCommand++, command.text().toStdString()});
    m_file->beginCommand();
    Result<void> done =
        m_store ? perform(command, stop)
                : Result<void>(fail(refusal(Texts::tr("The file could not be opened again"),
                                            Texts::tr("Undo once more, or leave the sandbox."))));
    if (!done) {
        tell(FailureEvent{done.error().describe()});
    }
    handOver();
    return done;
}

Result<void> SandboxEngine::perform(SandboxCommand& command, const std::stop_token& stop) {
    using Kind = SandboxCommand::Kind;
    Result<void> done;
    switch (command.kind) {
    case Kind::Begin: done = begin(); break;
    case Kind::Commit: done = commit(); break;
    case Kind::Rollback:
        if (m_tx) {
            done = m_tx->rollback();
            m_tx.reset();
        }
        break;
    case Kind::Get: done = get(command); break;
    case Kind::OpenReader: done = openReader(); break;
    case Kind::CloseReader: done = closeReader(command.number); break;
    case Kind::Generate: done = generate(command, stop); break;
    case Kind::SetSync: done = setSync(command.number != 0); break;
    default:
        if (!m_tx) {
            done = begin();
        }
        if (done) {
            done = change(command);
        }
    }
    return done;
}

Result<void> SandboxEngine::begin() {
    if (m_tx) {
        return fail(
            refusal(Texts::tr("A write transaction is open already: bolt has one at a time"),
                    Texts::tr("Commit it or roll it back first.")));
    }
    auto tx = m_store->beginWrite();
    if (!tx) {
        return fail(tx.error());
    }
    m_tx.emplace(std::move(*tx));
    return {};
}

Result<void> SandboxEngine::commit() {
    if (!m_tx) {
        return fail(refusal(Texts::tr("There is nothing to commit: no write transaction is open"),
                            Texts::tr("Put something first.")));
    }
    auto done = m_tx->commit();
    m_tx.reset();
    handOver();
    return done;
}

// The bucket at a path, made where it is missing: who puts a key wants its bucket.
Result<WriteBucket> SandboxEngine::bucketAt(const std::vector<QByteArray>& path) {
    if (path.empty()) {
        return fail(refusal(Texts::tr("The root bucket holds only buckets"),
                            Texts::tr("Name a bucket for the key.")));
    }
    auto bucket = m_tx->createBucketIfNotExists(toBytes(path.front()));
    for (std::size_t i = 1; bucket && i < path.size(); ++i) {
        bucket = bucket->createBucketIfNotExists(toBytes(path[i]));
    }
    return bucket;
}

Result<void> SandboxEngine::change(const SandboxCommand& command) {
    using Kind = SandboxCommand::Kind;
    if (command.kind == Kind::DeleteBucket) {
        std::vector<Bytes> names = namesOf(command.path);
        if (names.empty()) {
            return fail(refusal(Texts::tr("The root bucket cannot be deleted"), {}));
        }
        const Bytes name = names.back();
        names.pop_back();
        if (names.empty()) {
            return m_tx->deleteBucket(name);
        }
        auto parent = m_tx->bucket(names);
        return parent ? parent->deleteBucket(name) : Result<void>(fail(parent.error()));
    }
    if (command.kind == Kind::Delete) {
        auto bucket = m_tx->bucket(namesOf(command.path));
        return bucket ? bucket->remove(toBytes(command.key)) : Result<void>(fail(bucket.error()));
    }
    auto bucket = bucketAt(command.path);
    if (!bucket) {
        return fail(bucket.error());
    }
    if (command.kind == Kind::Put) {
        return bucket->put(toBytes(command.key), toBytes(command.value));
    }
    if (command.kind == Kind::NextSequence) {
        const auto next = bucket->nextSequence();
        if (!next) {
            return fail(next.error());
        }
        const std::string text = std::to_string(*next);
        tell(answerOf(asBytes(text), true));
        return {};
    }
    for (const SandboxCommand::Pair& pair : command.pairs) {
        if (auto done = bucket->put(toBytes(pair.key), toBytes(pair.value)); !done) {
            return done;
        }
    }
    return {};
}

// Inside the open transaction, whose changes it sees; else in a read transaction of its own, whose
// every step is told.
Result<void> SandboxEngine::get(const SandboxCommand& command) {
    const std::vector<Bytes> names = namesOf(command.path);
    if (m_tx) {
        const auto bucket = m_tx->bucket(names);
        if (!bucket) {
            return fail(bucket.error());
        }
        const auto value = bucket->get(toBytes(command.key));
        if (!value) {
            return fail(value.error());
        }
        tell(answerOf(*value, true));
        return {};
    }
    const auto tx = m_store->beginRead();
    if (!tx) {
        return fail(tx.error());
    }
    const auto value = tx->get(names, toBytes(command.key));
    if (!value) {
        return fail(value.error());
    }
    tell(answerOf(*value, false));
    return {};
}

std::vector<OpenReader> SandboxEngine::openReaders() const {
    std::vector<OpenReader> open;
    for (const Reader& reader : m_readers) {
        open.push_back({reader.number, reader.tx.meta()});
    }
    return open;
}

Result<void> SandboxEngine::openReader() {
    const bool wasMuted = std::exchange(m_isMuted, true); // its Begin alone is told, as one event
    auto tx = m_store->beginRead();
    m_isMuted = wasMuted;
    if (!tx) {
        return fail(tx.error());
    }
    const std::uint64_t number = m_nextReader++;
    const TxId txid = tx->id();
    m_readers.push_back({number, std::move(*tx)});
    tell(ReaderEvent{number, txid, true});
    return {};
}

Result<void> SandboxEngine::closeReader(std::uint64_t number) {
    const auto reader = std::find_if(m_readers.begin(), m_readers.end(),
                                     [&](const Reader& open) { return open.number == number; });
    if (reader == m_readers.end()) {
        return fail(refusal(Texts::tr("There is no reader %1").arg(number), {}));
    }
    const TxId txid = reader->tx.id();
    m_readers.erase(reader);
    tell(ReaderEvent{number, txid, false});
    return {};
}

Result<std::vector<std::byte>> SandboxEngine::crashBegin(const FileDelta& delta) {
    const auto size = m_file->size();
    if (!size) {
        return fail(size.error());
    }
    const bool isLongFile = std::max(*size, delta.oldSize) > kMostCrashBytes;
    if (isLongFile || !m_file->hasOperations()) {
        const auto mebibytes = [](std::uint64_t bytes) { return std::to_string(bytes >> 20U); };
        Error error;
        error.code = ErrorCode::LimitReached;
        error.text = isLongFile ? "The file is longer than " + mebibytes(kMostCrashBytes) +
                                      " MiB: crashes are staged in memory"
                                : "The newest command wrote more than " +
                                      mebibytes(SandboxFile::kMostOperationBytes) +
                                      " MiB: so much is not kept for a crash";
        error.hint = isLongFile ? "Use a smaller sandbox." : "Commit something smaller.";
        return fail(std::move(error));
    }
    std::vector<std::byte> bytes(*size);
    if (const auto got = m_file->readAt(0, bytes); !got) {
        return fail(got.error());
    }
    bytes.resize(delta.oldSize);
    for (const auto& [offset, block] : delta.before) {
        std::ranges::copy(block, bytes.begin() + std::ptrdiff_t(offset));
    }
    return bytes;
}

Result<void> SandboxEngine::setSync(bool isOn) {
    if (m_tx || !m_readers.empty()) {
        return fail(refusal(Texts::tr("Syncs are chosen when a database is opened"),
                            Texts::tr("End the transaction and close the readers first.")));
    }
    closeStore();
    m_options.noSync = !isOn;
    const bool wasMuted = std::exchange(m_isMuted, true);
    auto opened = openStore();
    m_isMuted = wasMuted;
    if (opened) {
        tell(reopened());
    }
    return opened;
}

void SandboxEngine::tell(StageEvent event) {
    if (!m_isMuted && m_options.tellsEvents) {
        m_told.push_back(std::move(event));
    }
}

void SandboxEngine::handOver() {
    if (!m_told.empty()) {
        StageEvents told;
        told.reserve(kBatch);
        told.swap(m_told);
        m_tell(std::move(told));
    }
}

} // namespace pagescape::gui
