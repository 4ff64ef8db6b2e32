// SPDX-License-Identifier: MIT
// Values made readable, and keys that were typed.
#include "pagescape/value_format.h"

#include <QtTest>

#include <algorithm>
#include <random>
#include <set>
#include <string>

using namespace pagescape;
using namespace std::string_literals;

namespace {

std::string unhex(const char* hex) {
    return QByteArray::fromHex(hex).toStdString();
}

// The text of a value, or "error: ..." with the reason.
std::string textOf(const std::string& bytes, ValueFormat format, std::size_t maxChars = 65536) {
    const auto made = formatValue(asBytes(bytes), format, maxChars);
    return made ? made->text : "error: " + made.error().text;
}

std::string named(const std::vector<ValueFormat>& formats) {
    std::string out;
    for (const ValueFormat format : formats) {
        out += (out.empty() ? "" : " ") + std::string(valueFormatName(format));
    }
    return out;
}

} // namespace

class TestValueFormat : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void namesEveryFormatOnce();
    void choosesTextOrHexByBboltsRule_data();
    void choosesTextOrHexByBboltsRule();
    void formats_data();
    void formats();
    void refuses_data();
    void refuses();
    void cutsBetweenCharacters();
    void keepsRawBytes();
    void nestsWithoutLimitOfTheStack();
    void shortensToOneLine();
    void parsesKeys_data();
    void parsesKeys();
    void refusesKeys_data();
    void refusesKeys();
    void offersWhatDecodes_data();
    void offersWhatDecodes();
    void survivesRandomBytes();
};

void TestValueFormat::namesEveryFormatOnce() {
    std::set<std::string_view> names;
    for (const ValueFormat format : allValueFormats()) {
        const auto name = valueFormatName(format);
        QVERIFY(names.insert(name).second);
        QCOMPARE(valueFormatFromName(name), std::optional(format));
    }
    QCOMPARE(names.size(), std::size_t{15});
    QCOMPARE(valueFormatFromName("guess"), std::optional<ValueFormat>());
}

void TestValueFormat::choosesTextOrHexByBboltsRule_data() {
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QString>("text");
    QTest::newRow("empty") << QByteArray() << "";
    QTest::newRow("ascii") << QByteArray("widgets 1") << "widgets 1";
    QTest::newRow("umlauts") << QByteArray("Käse") << "Käse";
    QTest::newRow("emoji") << QByteArray("\xF0\x9F\x93\x9A") << "📚";
    QTest::newRow("line feed") << QByteArray("a\n") << "610a";
    QTest::newRow("no-break space") << QByteArray("\xC2\xA0") << "c2a0";
    QTest::newRow("soft hyphen") << QByteArray("\xC2\xAD") << "c2ad";
    QTest::newRow("zero width joiner") << QByteArray("\xE2\x80\x8D") << "e2808d";
    QTest::newRow("private use") << QByteArray("\xEE\x80\x80") << "ee8080";
    QTest::newRow("replacement character") << QByteArray("\xEF\xBF\xBD") << "\uFFFD";
    QTest::newRow("overlong slash") << QByteArray("\xC0\xAF") << "c0af";
    QTest::newRow("surrogate") << QByteArray("\xED\xA0\x80") << "eda080";
    QTest::newRow("beyond Unicode") << QByteArray("\xF4\x90\x80\x80") << "f4908080";
    QTest::newRow("cut character") << QByteArray("a\xE2\x82") << "61e282";
}

void TestValueFormat::choosesTextOrHexByBboltsRule() {
    QFETCH(QByteArray, bytes);
    QFETCH(QString, text);
    const std::string value = bytes.toStdString();
    const auto made = formatValue(asBytes(value), ValueFormat::Auto);
    QVERIFY(made.has_value());
    QCOMPARE(QString::fromStdString(made->text), text);
    QCOMPARE(made->used, made->text == value ? ValueFormat::Text : ValueFormat::Hex);
    QVERIFY(made->isLossless);
}

void TestValueFormat::formats_data() {
    QTest::addColumn<QByteArray>("hex");
    QTest::addColumn<QString>("format");
    QTest::addColumn<QString>("text");
    const auto row = [](const char* name, const char* hex, const char* format, const char* text) {
        QTest::newRow(name) << QByteArray(hex) << format << text;
    };
    row("text keeps lines", "610a62ff00", "text", "a\nb\\xff\\x00");
    row("escaped", "6122c3a40a5c00", "escaped", R"("a\"\xc3\xa4\n\\\x00")");
    row("hex", "00ff10", "hex", "00ff10");
    // Source: printf abc | sha256sum.
    row("redacted", "616263", "redacted",
        "<redacted len:3 "
        "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad>");
    row("big-endian", "0102", "uint-big", "258");
    row("little-endian", "0102", "uint-little", "513");
    row("greatest", "ffffffffffffffff", "uint-big", "18446744073709551615");
    row("uuid", "f81d4fae7dec11d0a76500a0c91e6bf6", "uuid", "f81d4fae-7dec-11d0-a765-00a0c91e6bf6");
    row("seconds", "6553f100", "unix-time", "2023-11-14T22:13:20Z (seconds)");
    row("milliseconds", "0000018bcfe56801", "unix-time", "2023-11-14T22:13:20.001Z (milliseconds)");
    row("nanoseconds", "17979cfe362a0000", "unix-time", "2023-11-14T22:13:20Z (nanoseconds)");
    row("before 1970", "ffffffffffffffff", "unix-time", "1969-12-31T23:59:59Z (seconds)");
    // Source: Go, time.Date(2023, 1, 2, 3, 4, 5, 6, ...).MarshalBinary(): seconds from the year 1.
    row("Go UTC", "010000000edb4440a500000006ffff", "go-time", "2023-01-02T03:04:05.000000006Z");
    row("Go offset", "010000000edb4440a500000006003c", "go-time",
        "2023-01-02T04:04:05.000000006+01:00");
    row("Go offset seconds", "020000000edb4440a500000006fe21dd", "go-time",
        "2023-01-01T19:04:30.000000006-07:59:35");
    row("etcd", "00000000000000055f0000000000000001", "etcd-revision", "5_1");
    row("etcd tombstone", "00000000000000055f000000000000000074", "etcd-revision",
        "5_0 (tombstone)");
    // Equal keys, the order of keys and the digits of numbers are kept.
    row("json", "7b2262223a5b312c312e35302c2269c3a45c6e225d2c2261223a7b7d2c2262223a5b5d7d", "json",
        "{\n  \"b\": [\n    1,\n    1.50,\n    \"iä\\n\"\n  ],\n  \"a\": {},\n  \"b\": []\n}");
    row("msgpack", "82a16293c0c3cb3ff8000000000000a161c40201ff", "msgpack",
        "{\n  \"b\": [\n    null,\n    true,\n    1.5\n  ],\n  \"a\": <2 bytes: 01ff>\n}");
    row("msgpack extension", "d6ff5f5e1000", "msgpack", "<ext -1, 4 bytes: 5f5e1000>");
    // Source: protobuf encoding guide: message Test { 1: 150 }, { 2: "testing" }, { 3: { 1: 150 }
    // }.
    row("protobuf varint", "089601", "protobuf", "1: 150\n");
    row("protobuf text", "120774657374696e67", "protobuf", "2: \"testing\"\n");
    row("protobuf nested", "1a03089601", "protobuf", "3 {\n  1: 150\n}\n");
    row("protobuf negative", "08ffffffffffffffffff01", "protobuf",
        "1: 18446744073709551615 (-1)\n");
    row("protobuf fixed", "0d000000ff110102030405060708", "protobuf",
        "1: 0xff000000\n2: 0x0807060504030201\n");
    row("protobuf bytes", "0a02ff00", "protobuf", "1: <2 bytes> ff00\n");
    row("protobuf group", "0b10010c", "protobuf", "1 group {\n  2: 1\n}\n");
}

void TestValueFormat::formats() {
    QFETCH(QByteArray, hex);
    QFETCH(QString, format);
    QFETCH(QString, text);
    const auto chosen = valueFormatFromName(format.toStdString());
    QVERIFY(chosen.has_value());
    QCOMPARE(QString::fromStdString(textOf(QByteArray::fromHex(hex).toStdString(), *chosen)), text);
}

void TestValueFormat::refuses_data() {
    QTest::addColumn<QByteArray>("hex");
    QTest::addColumn<QString>("format");
    QTest::addColumn<QString>("reason");
    const auto row = [](const char* name, const char* hex, const char* format, const char* reason) {
        QTest::newRow(name) << QByteArray(hex) << format << reason;
    };
    row("no integer", "", "uint-big", "expected an integer of 1 to 8 bytes, found 0 bytes");
    row("long integer", "000000000000000000", "uint-little",
        "expected an integer of 1 to 8 bytes, found 9 bytes");
    row("short uuid", "00", "uuid", "expected a UUID of 16 bytes, found 1 byte");
    row("odd time", "000000", "unix-time", "expected a Unix time of 4 or 8 bytes, found 3 bytes");
    row("Go version", "030000", "go-time",
        "expected version 1 or 2 of Go's time at byte 0 of the value, found 3");
    row("Go size", "0100", "go-time", "expected 15 bytes of Go time, found 2");
    row("Go year", "017fffffffffffffff00000000ffff", "go-time",
        "expected a time in the years 0 to 9999 at byte 1 of the value, found "
        "9223372036854775807 seconds from the year 1");
    row("Go least year", "01800000000000000000000000ffff", "go-time",
        "expected a time in the years 0 to 9999 at byte 1 of the value, found "
        "-9223372036854775808 seconds from the year 1");
    row("Go nanoseconds", "010000000edb4440a53b9aca00ffff", "go-time",
        "expected less than 1000000000 nanoseconds at byte 9 of the value, found 1000000000");
    row("json", "7b2262223a5b312c312e35302c226922c3a4225d2c2261223a7b7d7d", "json",
        "not JSON: parse error at line 1, column 17: syntax error while parsing array - "
        "invalid literal, at byte 16 of the value");
    row("json rest", "315d", "json",
        "not JSON: parse error at line 1, column 2: syntax error while parsing value - "
        "unexpected ']'; expected end of input, at byte 1 of the value");
    row("msgpack cut", "92c0", "msgpack",
        "not MessagePack: parse error at byte 3: syntax error while parsing MessagePack value: "
        "unexpected end of input, at byte 2 of the value");
    row("etcd separator", "0000000000000005000000000000000000", "etcd-revision",
        "expected '_' at byte 8 of the value, between main and sub revision");
    row("etcd mark", "00000000000000055f000000000000000075", "etcd-revision",
        "expected 't' (deleted) at byte 17 of the value");
    row("protobuf rest", "08960108", "protobuf",
        "expected a protobuf field at byte 3 of the value, found none that fits");
    row("protobuf length", "0a05ff", "protobuf",
        "expected a protobuf field at byte 0 of the value, found none that fits");
    row("protobuf field 0", "0001", "protobuf",
        "expected a protobuf field at byte 0 of the value, found none that fits");
    row("protobuf open group", "08010b", "protobuf",
        "expected a protobuf field at byte 2 of the value, found none that fits");
    row("protobuf long varint", "08ffffffffffffffffff02", "protobuf",
        "expected a protobuf field at byte 0 of the value, found none that fits");
}

void TestValueFormat::refuses() {
    QFETCH(QByteArray, hex);
    QFETCH(QString, format);
    QFETCH(QString, reason);
    const std::string bytes = QByteArray::fromHex(hex).toStdString();
    const auto made = formatValue(asBytes(bytes), *valueFormatFromName(format.toStdString()));
    QVERIFY(!made.has_value());
    QCOMPARE(made.error().code, ErrorCode::IncompatibleValue);
    QCOMPARE(QString::fromStdString(made.error().text), reason);
}

void TestValueFormat::cutsBetweenCharacters() {
    const auto cut = formatValue(asBytes("äöü"), ValueFormat::Text, 2);
    QCOMPARE(QString::fromStdString(cut->text), QString("äö…"));
    QVERIFY(!cut->isLossless);
    const auto whole = formatValue(asBytes("äöü"), ValueFormat::Text, 3);
    QCOMPARE(QString::fromStdString(whole->text), QString("äöü"));
    QVERIFY(whole->isLossless);
    QCOMPARE(textOf("abc", ValueFormat::Hex, 4), "6162…"s);
    // An error behind the cut is still an error.
    QVERIFY(textOf("[1, 2, 3, 4", ValueFormat::Json, 3).starts_with("error: not JSON"));
    QCOMPARE(textOf("[1, 2, 3, 4]", ValueFormat::Json, 3), "[\n …"s);
}

void TestValueFormat::keepsRawBytes() {
    const std::string bytes = "\xFF\x00\n"s;
    const auto made = formatValue(asBytes(bytes), ValueFormat::Raw);
    QCOMPARE(made->text, bytes);
    QVERIFY(made->isLossless);
}

void TestValueFormat::nestsWithoutLimitOfTheStack() {
    QVERIFY(textOf(std::string(1000000, '['), ValueFormat::Json)
                .ends_with("expected at most 256 levels, found more"));
    QVERIFY(textOf(std::string(1000000, '\x91'), ValueFormat::MessagePack)
                .ends_with("expected at most 256 levels, found more"));
    const std::string nested = std::string(256, '[') + std::string(256, ']');
    QVERIFY(formatValue(asBytes(nested), ValueFormat::Json).has_value());
    QVERIFY(textOf(std::string(1000000, '\x0B'), ValueFormat::Protobuf).starts_with("error"));
    // Messages in messages: from the inside out, each one the only field of the next.
    std::string message = unhex("0801");
    for (int i = 0; i < 30; ++i) {
        message = "\x0A"s + static_cast<char>(message.size()) + message;
    }
    QVERIFY(textOf(message, ValueFormat::Protobuf).find(std::string(60, ' ') + "1: 1") !=
            std::string::npos);
}

void TestValueFormat::shortensToOneLine() {
    QCOMPARE(shortText(asBytes("two\nlines\t")), "two\\nlines\\t"s);
    QCOMPARE(shortText(asBytes("a\0b"s)), "610062"s);
    QCOMPARE(shortText(asBytes("abcdefgh"), 8), "abcdefgh"s);
    QCOMPARE(QString::fromStdString(shortText(asBytes("abcdefghi"), 8)), QString("abcdefg…"));
    QCOMPARE(shortText({}, 8), ""s);
    QCOMPARE(shortText(asBytes("x"), 0), ""s);
    QCOMPARE(toHex(asBytes("\x01\xAB")), "01ab"s);
}

void TestValueFormat::parsesKeys_data() {
    QTest::addColumn<QString>("format");
    QTest::addColumn<QString>("typed");
    QTest::addColumn<QByteArray>("hex");
    QTest::newRow("text") << "text"
                          << "a\\x00" << QByteArray("615c783030");
    QTest::newRow("escaped") << "escaped"
                             << "a\\x00\\n\\\\" << QByteArray("61000a5c");
    QTest::newRow("quoted") << "escaped"
                            << "\"a\\\"b\"" << QByteArray("612262");
    QTest::newRow("hex") << "hex"
                         << "6B 65 79" << QByteArray("6b6579");
    QTest::newRow("hex 0x") << "hex"
                            << "0x6b65" << QByteArray("6b65");
    QTest::newRow("big") << "uint-big"
                         << "258" << QByteArray("0000000000000102");
    QTest::newRow("little") << "uint-little"
                            << "0x102" << QByteArray("0201000000000000");
    QTest::newRow("etcd") << "etcd-revision"
                          << "5_1" << QByteArray("00000000000000055f0000000000000001");
    QTest::newRow("etcd tombstone")
        << "etcd-revision"
        << "5_0 (tombstone)" << QByteArray("00000000000000055f000000000000000074");
}

void TestValueFormat::parsesKeys() {
    QFETCH(QString, format);
    QFETCH(QString, typed);
    QFETCH(QByteArray, hex);
    const auto key = parseKey(typed.toStdString(), *valueFormatFromName(format.toStdString()));
    QVERIFY2(key.has_value(), key ? "" : key.error().text.c_str());
    QCOMPARE(QByteArray::fromStdString(*key).toHex(), hex);
}

void TestValueFormat::refusesKeys_data() {
    QTest::addColumn<QString>("format");
    QTest::addColumn<QString>("typed");
    QTest::addColumn<QString>("reason");
    QTest::newRow("half a byte") << "hex"
                                 << "6b6"
                                 << "expected two hex digits a byte, found one at the end";
    QTest::newRow("no digit") << "hex"
                              << "6g"
                              << "expected a hex digit at character 2";
    QTest::newRow("escape") << "escaped"
                            << "a\\x0"
                            << "expected \\xNN, \\n, \\t, \\r, \\0, \\\" or \\\\ at character 2";
    QTest::newRow("backslash at the end")
        << "escaped"
        << "\\"
        << "expected \\xNN, \\n, \\t, \\r, \\0, \\\" or \\\\ at character 1";
    QTest::newRow("no number") << "uint-big"
                               << "12a"
                               << "expected a number from 0 to 18446744073709551615, found \"12a\"";
    QTest::newRow("too great") << "uint-big"
                               << "18446744073709551616"
                               << "expected a number from 0 to 18446744073709551615, found "
                                  "\"18446744073709551616\"";
    QTest::newRow("no revision") << "etcd-revision"
                                 << "5"
                                 << "expected an etcd revision such as 5_0, found no '_'";
    QTest::newRow("json") << "json"
                          << "{}"
                          << "json is a format for printing; nothing can be typed in it";
}

void TestValueFormat::refusesKeys() {
    QFETCH(QString, format);
    QFETCH(QString, typed);
    QFETCH(QString, reason);
    const auto key = parseKey(typed.toStdString(), *valueFormatFromName(format.toStdString()));
    QVERIFY(!key.has_value());
    QCOMPARE(key.error().code, ErrorCode::IncompatibleValue);
    QCOMPARE(QString::fromStdString(key.error().text), reason);
}

void TestValueFormat::offersWhatDecodes_data() {
    QTest::addColumn<QByteArray>("hex");
    QTest::addColumn<QString>("names");
    QTest::newRow("empty") << QByteArray() << "text hex";
    QTest::newRow("json") << QByteArray("{\"a\":1}").toHex()
                          << "json text uint-big uint-little hex";
    QTest::newRow("number as text") << QByteArray("1234567890").toHex() << "text json hex";
    QTest::newRow("etcd") << QByteArray("00000000000000055f0000000000000001")
                          << "etcd-revision hex";
    QTest::newRow("time") << QByteArray("6553f100") << "unix-time uint-big uint-little hex";
    QTest::newRow("uuid") << QByteArray("f81d4fae7dec41d0a76500a0c91e6bf6") << "uuid hex";
    QTest::newRow("protobuf") << QByteArray("089601") << "protobuf uint-big uint-little hex";
    QTest::newRow("msgpack") << QByteArray("9101") << "msgpack uint-big uint-little hex";
}

void TestValueFormat::offersWhatDecodes() {
    QFETCH(QByteArray, hex);
    QFETCH(QString, names);
    const std::string bytes = QByteArray::fromHex(hex).toStdString();
    QCOMPARE(QString::fromStdString(named(plausibleFormats(asBytes(bytes)))), names);
}

// Every decoder on random bytes and on random bytes that begin like something known.
void TestValueFormat::survivesRandomBytes() {
    const auto seed =
        static_cast<std::uint32_t>(qEnvironmentVariableIsSet("PAGESCAPE_SEED")
                                       ? qEnvironmentVariableIntValue("PAGESCAPE_SEED")
                                       : static_cast<int>(std::random_device{}() >> 1));
    qInfo("PAGESCAPE_SEED=%u", seed);
    std::mt19937 random(seed);
    const std::vector<std::string> begins = {"",         "{\"a\":[", "\x82\xA1", "\x0A\x20",
                                             "\x01\x00", "\xDF",     "\xF0\x9F"};
    for (int round = 0; round < 3000; ++round) {
        std::string bytes = begins[random() % begins.size()];
        for (std::size_t left = random() % 60; left > 0; --left) {
            bytes += static_cast<char>(random() % 4 == 0 ? random() % 16 : random());
        }
        for (const ValueFormat format : allValueFormats()) {
            const auto made = formatValue(asBytes(bytes), format, random() % 100);
            QVERIFY(made || made.error().code == ErrorCode::IncompatibleValue);
            const bool isText = format == ValueFormat::Raw || !made ||
                                QString::fromStdString(made->text).toStdString() == made->text;
            QVERIFY2(isText, qPrintable(QByteArray::fromStdString(bytes).toHex()));
        }
        const auto offered = plausibleFormats(asBytes(bytes));
        for (const ValueFormat format : offered) {
            QVERIFY(formatValue(asBytes(bytes), format).has_value());
        }
    }
}

QTEST_GUILESS_MAIN(TestValueFormat)
#include "tst_value_format.moc"
