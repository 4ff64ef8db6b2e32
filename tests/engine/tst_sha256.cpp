// SPDX-License-Identifier: MIT
// SHA-256 against the published vectors, and fed in pieces.
#include "format/sha256.h"

#include <QtTest>

#include <string>

using pagescape::asBytes;
using pagescape::Sha256;

class TestSha256 : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void matchesPublishedVectors_data();
    void matchesPublishedVectors();
    void hashesAMillionLetters();
    void givesTheSameInPiecesOfAnySize();
    void canBeFedAfterADigest();
};

// Source: FIPS 180-4 examples (NIST "SHA256.pdf") and the NIST CAVP byte-oriented short messages.
void TestSha256::matchesPublishedVectors_data() {
    QTest::addColumn<QByteArray>("message");
    QTest::addColumn<QByteArray>("digest");
    QTest::newRow("empty")
        << QByteArray()
        << QByteArray("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    QTest::newRow("abc") << QByteArray("abc")
                         << QByteArray(
                                "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    QTest::newRow("two blocks")
        << QByteArray("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq")
        << QByteArray("248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
    QTest::newRow("112 bytes")
        << QByteArray("abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmnhijklmno"
                      "ijklmnopjklmnopqklmnopqrlmnopqrsmnopqrstnopqrstu")
        << QByteArray("cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac45037afee9d1");
    QTest::newRow("one byte 0xd3")
        << QByteArray("\xd3", 1)
        << QByteArray("28969cdfa74a12c82f3bad960b0b000aca2ac329deea5c2328ebc6f2ba9802c1");
}

void TestSha256::matchesPublishedVectors() {
    QFETCH(QByteArray, message);
    QFETCH(QByteArray, digest);
    Sha256 hash;
    hash.update(asBytes({message.constData(), static_cast<std::size_t>(message.size())}));
    QCOMPARE(QByteArray::fromStdString(hash.hexDigest()), digest);
}

void TestSha256::hashesAMillionLetters() {
    const std::string piece(1000, 'a');
    Sha256 hash;
    for (int i = 0; i < 1000; ++i) {
        hash.update(asBytes(piece));
    }
    QCOMPARE(QByteArray::fromStdString(hash.hexDigest()),
             QByteArray("cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"));
}

// Lengths around the padding's two borders (55/56 and 63/64 bytes), each cut into pieces.
void TestSha256::givesTheSameInPiecesOfAnySize() {
    for (std::size_t length = 0; length < 200; ++length) {
        std::string message;
        for (std::size_t i = 0; i < length; ++i) {
            message += static_cast<char>(i * 7 + length);
        }
        const QByteArray expected =
            QCryptographicHash::hash(QByteArray::fromStdString(message), QCryptographicHash::Sha256)
                .toHex();
        for (const std::size_t step :
             {std::size_t{1}, std::size_t{13}, std::size_t{64}, length + 1}) {
            Sha256 hash;
            for (std::size_t at = 0; at < length; at += step) {
                hash.update(asBytes(std::string_view(message).substr(at, step)));
            }
            QCOMPARE(QByteArray::fromStdString(hash.hexDigest()), expected);
        }
    }
}

void TestSha256::canBeFedAfterADigest() {
    Sha256 hash;
    hash.update(asBytes("ab"));
    QVERIFY(!hash.hexDigest().empty());
    hash.update(asBytes("c"));
    QCOMPARE(QByteArray::fromStdString(hash.hexDigest()),
             QByteArray("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"));
}

QTEST_GUILESS_MAIN(TestSha256)
#include "tst_sha256.moc"
