// SPDX-License-Identifier: MIT
// EtcdServer: a real etcd on a folder of its own, as a program that writes bolt files for real.
#pragma once

#include <QFile>
#include <QProcess>
#include <QStandardPaths>
#include <QTcpServer>
#include <QTemporaryDir>
#include <QTest>

#include <tuple>
#include <utility>

namespace pagescape::test {

class EtcdServer {
public:
    /// Whether Debian's etcd-server and etcd-client are installed.
    [[nodiscard]] static bool isThere() {
        return !QStandardPaths::findExecutable(QStringLiteral("etcd")).isEmpty() &&
               !QStandardPaths::findExecutable(QStringLiteral("etcdctl")).isEmpty();
    }

    EtcdServer() { std::tie(m_client, m_peer) = freeAddresses(); }
    ~EtcdServer() { stop(); }
    EtcdServer(const EtcdServer&) = delete;
    EtcdServer& operator=(const EtcdServer&) = delete;

    /// True once it answers.
    [[nodiscard]] bool start() {
        m_etcd.setStandardErrorFile(m_dir.filePath(QStringLiteral("log")));
        m_etcd.start(QStringLiteral("etcd"),
                     {QStringLiteral("--data-dir"), m_dir.filePath(QStringLiteral("data")),
                      QStringLiteral("--listen-client-urls"), m_client,
                      QStringLiteral("--advertise-client-urls"), m_client,
                      QStringLiteral("--listen-peer-urls"), m_peer,
                      QStringLiteral("--initial-advertise-peer-urls"), m_peer,
                      QStringLiteral("--initial-cluster"), QStringLiteral("default=") + m_peer});
        return QTest::qWaitFor(
            [this] {
                return ask({QStringLiteral("endpoint"), QStringLiteral("status")}).contains("http");
            },
            30000);
    }

    void stop() {
        if (m_etcd.state() != QProcess::NotRunning) {
            m_etcd.terminate();
            m_etcd.waitForFinished(20000);
        }
    }

    [[nodiscard]] QStringList arguments(const QStringList& command) const {
        return QStringList{QStringLiteral("--endpoints"), m_client} + command;
    }
    /// What etcdctl answers.
    QByteArray ask(const QStringList& command) const {
        QProcess client;
        client.setProcessEnvironment(environment());
        client.start(QStringLiteral("etcdctl"), arguments(command));
        client.waitForFinished(20000);
        return client.readAllStandardOutput();
    }
    [[nodiscard]] static QProcessEnvironment environment() {
        auto environment = QProcessEnvironment::systemEnvironment();
        environment.insert(QStringLiteral("ETCDCTL_API"), QStringLiteral("3"));
        return environment;
    }

    /// Its bolt file.
    [[nodiscard]] QString database() const {
        return m_dir.filePath(QStringLiteral("data/member/snap/db"));
    }
    [[nodiscard]] QByteArray log() const {
        QFile file(m_dir.filePath(QStringLiteral("log")));
        return file.open(QIODevice::ReadOnly) ? file.readAll().right(1500) : QByteArray("no log");
    }

private:
    // Addresses that nobody listens on just now; both at once, or they might be the same.
    static std::pair<QString, QString> freeAddresses() {
        QTcpServer first;
        QTcpServer second;
        first.listen(QHostAddress::LocalHost);
        second.listen(QHostAddress::LocalHost);
        const auto address = [](const QTcpServer& server) {
            return QStringLiteral("http://127.0.0.1:%1").arg(server.serverPort());
        };
        return {address(first), address(second)};
    }

    QTemporaryDir m_dir;
    QString m_client;
    QString m_peer;
    QProcess m_etcd;
};

} // namespace pagescape::test
