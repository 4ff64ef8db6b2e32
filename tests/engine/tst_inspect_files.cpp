// SPDX-License-Identifier: MIT
// Inspect on every page of the shared databases, as they are and mutated, and through PageFile.
#include "support/inspected_page.h"
#include "support/truth.h"

#include <QtTest>

#include <random>
#include <string>
#include <vector>

using namespace pagescape;
using namespace pagescape::test;

namespace {

// The bytes of a file cut into pages, for mutating them one at a time.
struct Image {
    std::string name;
    std::uint32_t pageSize = 0;
    std::vector<std::byte> bytes;
};

std::vector<Image> sharedImages() {
    std::vector<Image> out;
    for (const std::string& name : truthNames()) {
        const auto file = PageFile::open(sharedDataDir() / name);
        if (!file) {
            continue; // the empty file
        }
        const auto bytes = file->readBytes({0, file->layout().fileSize});
        if (bytes) {
            out.push_back({name, file->layout().pageSize, *bytes});
        }
    }
    return out;
}

// A file of every kind of page, for where the shared ones are missing.
Image builtImage() {
    FileBuilder file(kPageSize, 8);
    file.meta(0, 2, 3, 2, 8);
    file.meta(1, 3, 3, 2, 8);
    file.freelist(2, {5, 6});
    file.branch(3, {{"a", 4}, {"m", 7}});
    file.leaf(4, {{"a", inlineBucket({{"k", "v", 0}}), 1}, {"b", FileBuilder::bucketValue(7), 1}});
    file.leaf(7, {{"m", std::string(500, 'x'), 0}, {"n", "", 0}});
    return {"built", kPageSize, file.bytes()};
}

} // namespace

class TestInspectFiles : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void explainsEveryByteOfEveryPage_data();
    void explainsEveryByteOfEveryPage();
    void agreesWithTheTruthOnSoundFiles_data();
    void agreesWithTheTruthOnSoundFiles();
    void explainsEveryByteOfMutatedPages();
    void readsARunThroughTheFile();
    void readsOnlyAsMuchAsItMay();
    void refusesPagesBehindTheFile();

private:
    QTemporaryDir m_scratch;
};

void TestInspectFiles::explainsEveryByteOfEveryPage_data() {
    QTest::addColumn<QString>("name");
    for (const std::string& name : truthNames()) {
        QTest::newRow(name.c_str()) << QString::fromStdString(name);
    }
    QTest::newRow("built") << QString();
}

void TestInspectFiles::explainsEveryByteOfEveryPage() {
    QFETCH(QString, name);
    std::filesystem::path path = sharedDataDir() / name.toStdString();
    if (name.isEmpty()) {
        const Image built = builtImage();
        path = m_scratch.filePath("built.db").toStdString();
        std::ofstream(path, std::ios::binary) << toString(built.bytes);
    }
    const auto file = PageFile::open(path);
    if (!file) {
        QCOMPARE(file.error().code, ErrorCode::EmptyFile);
        return;
    }
    QVERIFY(file->layout().pageCount > 0);
    for (std::uint64_t id = 0; id < file->layout().pageCount; ++id) {
        const auto page = inspectPage(*file, PageId{id});
        QVERIFY2(page.has_value(), page ? "" : page.error().describe().c_str());
        const std::string fault = partitionFault(page->description, page->bytes.size());
        QVERIFY2(fault.empty(), ("page " + std::to_string(id) + ": " + fault).c_str());
        QVERIFY(page->bytes.size() >=
                std::min<std::uint64_t>(file->layout().pageSize,
                                        file->layout().fileSize - id * file->layout().pageSize));
    }
}

void TestInspectFiles::agreesWithTheTruthOnSoundFiles_data() {
    QTest::addColumn<QString>("name");
    for (const std::string& name : truthNames()) {
        if (name.starts_with("gen-") || name.starts_with("real-")) {
            QTest::newRow(name.c_str()) << QString::fromStdString(name);
        }
    }
    if (truthNames().empty()) {
        QSKIP("the shared databases are not here");
    }
}

// Of a sound file bbolt's Tx.Page tells type, count and overflow of every page in use; none of
// these pages may have a problem.
void TestInspectFiles::agreesWithTheTruthOnSoundFiles() {
    QFETCH(QString, name);
    const auto truth = loadTruth(name.toStdString(), m_scratch.path().toStdString());
    QVERIFY(truth.has_value());
    const auto file = PageFile::open(truth->database);
    QVERIFY(file.has_value());
    const auto& rows = truth->json["bbolt"]["pages"]["rows"];
    QVERIFY(!rows.empty());
    for (const auto& row : rows) {
        const auto page = inspectPage(*file, PageId{row[0].get<std::uint64_t>()});
        QVERIFY(page.has_value());
        const PageDescription& seen = page->description;
        const std::string place = "page " + std::to_string(seen.id.value);
        QVERIFY2(pageTypeName(seen.type) == row[1].get<std::string>(), place.c_str());
        QCOMPARE(std::uint64_t{seen.count}, row[2].get<std::uint64_t>());
        QCOMPARE(std::uint64_t{seen.overflow}, row[3].get<std::uint64_t>());
        QVERIFY(!seen.isCut);
        QCOMPARE(problemsOf(seen), std::string());
        QCOMPARE(page->bytes.size(), (std::size_t{seen.overflow} + 1) * seen.pageSize);
        const auto odd = [](const Field& field) {
            return field.kind == FieldKind::Unexplained || field.kind == FieldKind::Slack;
        };
        QVERIFY2(std::none_of(seen.fields.begin(), seen.fields.end(), odd), place.c_str());
    }
}

// Bytes, scalars and sizes are changed at random; whatever comes out must be a partition.
void TestInspectFiles::explainsEveryByteOfMutatedPages() {
    const auto seed =
        static_cast<std::uint32_t>(qEnvironmentVariableIsSet("PAGESCAPE_SEED")
                                       ? qEnvironmentVariableIntValue("PAGESCAPE_SEED")
                                       : static_cast<int>(std::random_device{}() >> 1));
    qInfo("PAGESCAPE_SEED=%u", seed);
    std::mt19937 engine(seed);
    const auto roll = [&engine](std::size_t sides) {
        return static_cast<std::uint32_t>(engine() % sides);
    };
    std::vector<Image> images = sharedImages();
    images.push_back(builtImage());
    const std::vector<std::uint32_t> scalars = {
        0, 1, 2, 0x10, 0x7F, 0xFF, 1000, 0xFFFF, 0x7FFFFFFF, 0x80000000, 0xFFFFFFF0, 0xFFFFFFFF};
    for (int round = 0; round < 4000; ++round) {
        const Image& image = images[roll(images.size())];
        const std::uint32_t pageSize =
            roll(8) == 0 ? 1 + roll(5000) : std::min<std::uint32_t>(image.pageSize, 65536);
        const std::uint64_t pages = image.bytes.size() / pageSize + 1;
        const PageId id{roll(pages)};
        const std::uint64_t at = std::min<std::uint64_t>(id.value * pageSize, image.bytes.size());
        const std::uint64_t size = std::min<std::uint64_t>(image.bytes.size() - at,
                                                           std::uint64_t{pageSize} * (1 + roll(3)));
        const auto begin = image.bytes.begin() + static_cast<std::ptrdiff_t>(at);
        std::vector<std::byte> run(begin, begin + static_cast<std::ptrdiff_t>(size));
        for (std::uint32_t change = roll(12); change > 0 && run.size() > 4; --change) {
            // Mostly where the header and the elements are; there a change means something.
            const std::size_t reach =
                roll(2) == 0 ? std::min<std::size_t>(run.size(), 128) : run.size();
            const std::size_t offset = roll(reach - 3);
            const std::uint32_t value = scalars[roll(scalars.size())];
            std::memcpy(run.data() + offset, &value, 1U << roll(3));
        }
        const PageDescription page = inspectPage(run, id, pageSize);
        const std::string fault = partitionFault(page, run.size());
        QVERIFY2(fault.empty(),
                 (image.name + ", page " + std::to_string(id.value) + ", page size " +
                  std::to_string(pageSize) + ", round " + std::to_string(round) + ": " + fault)
                     .c_str());
    }
}

void TestInspectFiles::readsARunThroughTheFile() {
    FileBuilder built(kPageSize, 8);
    built.meta(0, 2, 3, 2, 8);
    built.meta(1, 3, 3, 2, 8);
    built.freelist(2, {});
    built.leaf(3, {{"big", std::string(4000, 'x'), 0}}, 3);
    const std::string path = m_scratch.filePath("run.db").toStdString();
    built.write(path);
    const auto file = PageFile::open(path);
    QVERIFY(file.has_value());
    const auto page = inspectPage(*file, PageId{3});
    QVERIFY(page.has_value());
    QCOMPARE(page->bytes.size(), std::size_t{4 * kPageSize});
    QCOMPARE(problemsOf(page->description), std::string());
    QCOMPARE(toString(page->bytes).substr(35, 4000), std::string(4000, 'x'));
}

// A run that is longer than the caller wants to read is cut, but that is no damage.
void TestInspectFiles::readsOnlyAsMuchAsItMay() {
    FileBuilder built(kPageSize, 12);
    built.meta(0, 2, 3, 2, 8);
    built.meta(1, 3, 3, 2, 8);
    built.leaf(3, {{"big", std::string(4000, 'x'), 0}, {"c", "d", 0}}, 3);
    const std::string path = m_scratch.filePath("part.db").toStdString();
    built.write(path);
    const auto file = PageFile::open(path);
    QVERIFY(file.has_value());
    const auto page = inspectPage(*file, PageId{3}, 1500);
    QVERIFY(page.has_value());
    QCOMPARE(page->bytes.size(), std::size_t{1500});
    QVERIFY(page->description.isCut);
    QCOMPARE(problemsOf(page->description),
             std::string("page 3, byte 1500 of the page: only the first 1500 bytes were read of "
                         "4096 bytes of page "
                         "and overflow pages\n"));
    QCOMPARE(fieldOf(page->description, FieldKind::Value, 0)->range, (ByteRange{51, 1500}));
    QCOMPARE(partitionFault(page->description, 1500), std::string());
    for (const std::uint64_t most : {std::uint64_t{0}, std::uint64_t{1}, UINT64_MAX}) {
        const auto other = inspectPage(*file, PageId{3}, most);
        QVERIFY(other.has_value());
        QCOMPARE(partitionFault(other->description, other->bytes.size()), std::string());
    }
}

void TestInspectFiles::refusesPagesBehindTheFile() {
    const Image image = builtImage();
    const std::string path = m_scratch.filePath("short.db").toStdString();
    std::ofstream(path, std::ios::binary) << toString(image.bytes);
    const auto file = PageFile::open(path);
    QVERIFY(file.has_value());
    for (const std::uint64_t id : {std::uint64_t{8}, std::uint64_t{1} << 40, UINT64_MAX}) {
        const auto page = inspectPage(*file, PageId{id});
        QVERIFY(!page.has_value());
        QCOMPARE(page.error().code, ErrorCode::CorruptPage);
        QCOMPARE(page.error().page, std::optional(PageId{id}));
    }
}

QTEST_GUILESS_MAIN(TestInspectFiles)
#include "tst_inspect_files.moc"
