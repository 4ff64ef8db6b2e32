// SPDX-License-Identifier: MIT
// A sandbox with one commit to crash, for the tests of the crash lab.
#pragma once

#include "sandbox/crash_lab.h"
#include "sandbox/sandbox.h"

#include <QSignalSpy>
#include <QTemporaryDir>
#include <QtTest>

namespace pagescape::test {

/// Bytes of a file; empty when it cannot be read.
[[nodiscard]] inline QByteArray fileBytes(const QString& path) {
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

class CrashFixture {
public:
    explicit CrashFixture(bool isSynced)
        : m_path(m_dir.filePath(QStringLiteral("sandbox.db"))), m_isSynced(isSynced) {}

    /// Opens a new database of 1 KiB pages.
    [[nodiscard]] bool open() {
        gui::SandboxOptions options;
        options.pageSize = 1024;
        options.noSync = !m_isSynced;
        m_box = std::make_unique<gui::Sandbox>(m_path, gui::SandboxKind::NewDatabase, options);
        return QTest::qWaitFor([this] { return m_box->isOpen(); }, 30000); // a busy disk
    }
    [[nodiscard]] bool run(const gui::SandboxCommand& command) {
        m_box->run(command);
        return QTest::qWaitFor([this] { return !m_box->isBusy(); }, 20000);
    }
    /// Puts `count` pairs into bucket "b" and commits.
    [[nodiscard]] bool commit(int first, int count, int valueSize = 40) {
        gui::SandboxCommand command;
        command.kind = gui::SandboxCommand::Kind::PutList;
        command.path = {"b"};
        for (int i = first; i < first + count; ++i) {
            command.pairs.push_back({QByteArray("key") + QByteArray::number(1000 + i),
                                     QByteArray(valueSize, char('a' + i % 26))});
        }
        gui::SandboxCommand done;
        done.kind = gui::SandboxCommand::Kind::Commit;
        return run(command) && run(done);
    }
    /// The writes of the newest commit.
    [[nodiscard]] gui::CrashMaterial material() {
        gui::CrashMaterial got;
        bool isThere = false;
        const auto link = QObject::connect(m_box.get(), &gui::Sandbox::crashMaterialReady,
                                           m_box.get(), [&](const gui::CrashMaterial& made) {
                                               got = made;
                                               isThere = true;
                                           });
        m_box->requestCrashMaterial();
        static_cast<void>(QTest::qWaitFor([&] { return isThere; }, 30000));
        QObject::disconnect(link);
        return got;
    }

    [[nodiscard]] gui::Sandbox& box() { return *m_box; }
    [[nodiscard]] const QString& path() const { return m_path; }
    [[nodiscard]] QString newPath(const QString& name) const { return m_dir.filePath(name); }

private:
    QTemporaryDir m_dir;
    QString m_path;
    bool m_isSynced;
    std::unique_ptr<gui::Sandbox> m_box;
};

/// The material as the engine takes it.
[[nodiscard]] inline CrashRun runOf(const gui::CrashMaterial& material) {
    return {material.begin, material.operations};
}

} // namespace pagescape::test
