// SPDX-License-Identifier: MIT
#include "stage/sandbox_command.h"

#include "units/key_text.h"
#include "units/units.h"

#include <QCoreApplication>
#include <QStringList>

#include <algorithm>
#include <span>

namespace pagescape::gui {

namespace {

constexpr std::size_t kNameChars = 24;

struct Texts {
    Q_DECLARE_TR_FUNCTIONS(SandboxCommand)
};

QString shown(const QByteArray& bytes) {
    return oneLine(std::as_bytes(std::span(bytes.constData(), std::size_t(bytes.size()))),
                   ValueFormat(), kNameChars);
}

QString placeText(const std::vector<QByteArray>& path, const QByteArray* last = nullptr) {
    QStringList names;
    for (const QByteArray& name : path) {
        names += shown(name);
    }
    if (last != nullptr) {
        names += shown(*last);
    }
    return names.join(QStringLiteral(" / "));
}

QString orderText(GeneratorSpec::Order order) {
    switch (order) {
    case GeneratorSpec::Order::Sequential: return Texts::tr("in ascending order");
    case GeneratorSpec::Order::Reverse: return Texts::tr("in descending order");
    case GeneratorSpec::Order::Random: return Texts::tr("in random order");
    case GeneratorSpec::Order::Zipf: return Texts::tr("with a few favourites (Zipf)");
    }
    return {};
}

} // namespace

QByteArray generatedKey(quint64 number, int keySize) {
    return 'k' + QByteArray::number(number).rightJustified(
                     std::max(keySize, kSmallestGeneratedKey) - 1, '0');
}

bool SandboxCommand::needsTransaction() const {
    switch (kind) {
    case Kind::Put:
    case Kind::PutList:
    case Kind::Delete:
    case Kind::CreateBucket:
    case Kind::DeleteBucket:
    case Kind::NextSequence: return true;
    default: return false;
    }
}

QString SandboxCommand::text() const {
    switch (kind) {
    case Kind::Begin: return Texts::tr("Begin");
    case Kind::Put: return Texts::tr("Put %1").arg(placeText(path, &key));
    case Kind::PutList:
        return Texts::tr("Put %1 pairs into %2").arg(countText(pairs.size()), placeText(path));
    case Kind::Get: return Texts::tr("Get %1").arg(placeText(path, &key));
    case Kind::Delete: return Texts::tr("Delete %1").arg(placeText(path, &key));
    case Kind::CreateBucket: return Texts::tr("Create bucket %1").arg(placeText(path));
    case Kind::DeleteBucket: return Texts::tr("Delete bucket %1").arg(placeText(path));
    case Kind::NextSequence: return Texts::tr("Next sequence of %1").arg(placeText(path));
    case Kind::Commit: return Texts::tr("Commit");
    case Kind::Rollback: return Texts::tr("Roll back");
    case Kind::OpenReader: return Texts::tr("Open a reader");
    case Kind::CloseReader: return Texts::tr("Close reader %1").arg(number);
    case Kind::SetSync: return number == 0 ? Texts::tr("Syncs off") : Texts::tr("Syncs on");
    case Kind::Generate:
        return Texts::tr("Generate %1 keys %2 into %3, %4 a commit")
            .arg(countText(generator.count), orderText(generator.order), placeText(path),
                 countText(generator.perTx));
    }
    return {};
}

std::vector<SandboxCommand::Pair> pairsFromText(const QString& text) {
    std::vector<SandboxCommand::Pair> pairs;
    for (const QString& line : text.split(QLatin1Char('\n'))) {
        const QString trimmed = line.endsWith(QLatin1Char('\r')) ? line.chopped(1) : line;
        if (trimmed.trimmed().isEmpty()) {
            continue;
        }
        qsizetype at = -1;
        for (const char separator : {'\t', '=', ','}) {
            if (at = trimmed.indexOf(QLatin1Char(separator)); at >= 0) {
                break;
            }
        }
        const QString key = at < 0 ? trimmed : trimmed.left(at);
        const QString value = at < 0 ? QString() : trimmed.mid(at + 1);
        if (!key.trimmed().isEmpty()) {
            pairs.push_back({key.trimmed().toUtf8(), value.trimmed().toUtf8()});
        }
    }
    return pairs;
}

} // namespace pagescape::gui
