// SPDX-License-Identifier: MIT
// BoltPeer: the real bbolt in a process of its own, driven by lines; see tests/interop/bolt_peer.
#pragma once

#include <QFileInfo>
#include <QProcess>
#include <QString>

#include <string>

namespace pagescape::test {

/// Hex as the peer reads it; "-" for nothing.
[[nodiscard]] inline QByteArray peerHex(const std::string& bytes) {
    return bytes.empty() ? QByteArray("-") : QByteArray::fromStdString(bytes).toHex();
}

class BoltPeer {
public:
    /// Where the build put the program; it is missing where Go is.
    [[nodiscard]] static QString program() {
        return QStringLiteral(PAGESCAPE_BIN_DIR "/bolt_peer");
    }
    [[nodiscard]] static bool isThere() { return QFileInfo::exists(program()); }

    BoltPeer() {
        m_process.start(program(), QStringList());
        m_process.waitForStarted();
    }
    ~BoltPeer() {
        m_process.closeWriteChannel();
        m_process.waitForFinished();
    }
    BoltPeer(const BoltPeer&) = delete;
    BoltPeer& operator=(const BoltPeer&) = delete;

    /// Runs a command; false when the peer answers with an error, which is in answer() then.
    [[nodiscard]] bool run(const QByteArray& command) {
        m_process.write(command + '\n');
        while (!m_process.canReadLine()) {
            if (!m_process.waitForReadyRead(60000)) {
                m_answer = "the peer is gone";
                return false;
            }
        }
        m_answer = m_process.readLine().trimmed();
        return m_answer == "ok" || m_answer.startsWith("ok ");
    }
    /// What the last command gave, without "ok".
    [[nodiscard]] QByteArray answer() const {
        return m_answer.startsWith("ok") ? m_answer.mid(3) : m_answer;
    }

private:
    QProcess m_process;
    QByteArray m_answer;
};

} // namespace pagescape::test
