// SPDX-License-Identifier: MIT
#include "os/bus_guard.h"

#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <csignal>
#include <cstdint>
#include <mutex>

namespace pagescape::os {

// Slots are never freed, only reused: the handler may walk the list at any moment.
struct BusGuard::Slot {
    std::atomic<bool> inUse{true};
    std::atomic<std::uintptr_t> begin{0};
    std::atomic<std::uintptr_t> end{0};
    std::atomic<int> fd{-1};
    std::atomic<bool> tripped{false};
    Slot* next = nullptr;
};

struct BusHandler {
    using Slot = BusGuard::Slot;

    static std::atomic<Slot*> head;
    static struct sigaction previous;
    static std::uintptr_t osPage;

    static void install() {
        osPage = static_cast<std::uintptr_t>(::sysconf(_SC_PAGESIZE));
        struct sigaction action = {};
        action.sa_sigaction = &BusHandler::handle;
        action.sa_flags = SA_SIGINFO;
        ::sigemptyset(&action.sa_mask);
        ::sigaction(SIGBUS, &action, &previous);
    }

    static Slot* find(std::uintptr_t address) {
        for (Slot* slot = head.load(std::memory_order_acquire); slot; slot = slot->next) {
            if (slot->begin.load(std::memory_order_acquire) <= address &&
                address < slot->end.load(std::memory_order_acquire)) {
                return slot;
            }
        }
        return nullptr;
    }

    // Puts zero pages where the file's bytes are gone: to the end of the mapping when the file is
    // too short, just the one page when the disk failed. fstat and mmap are plain system calls
    // here.
    static bool heal(Slot* slot, void* fault) {
        const auto address = std::uintptr_t(fault);
        const std::uintptr_t page = address / osPage * osPage;
        struct stat info = {};
        std::uintptr_t length = osPage;
        const auto offset = page - slot->begin.load();
        if (::fstat(slot->fd.load(), &info) == 0 &&
            static_cast<std::uintptr_t>(info.st_size) <= offset) {
            length = slot->end.load() - page;
        }
        void* at = ::mmap(static_cast<char*>(fault) - (address - page), length, PROT_READ,
                          MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED, -1, 0);
        return at != MAP_FAILED;
    }

    static void handle(int signal, siginfo_t* info, void* context) {
        const auto address = std::uintptr_t(info->si_addr);
        if (Slot* slot = find(address); slot != nullptr && heal(slot, info->si_addr)) {
            slot->tripped.store(true);
            return;
        }
        if ((previous.sa_flags & SA_SIGINFO) != 0 && previous.sa_sigaction != nullptr) {
            previous.sa_sigaction(signal, info, context);
        } else if (previous.sa_handler != SIG_DFL && previous.sa_handler != SIG_IGN) {
            previous.sa_handler(signal);
        } else {
            ::signal(signal, SIG_DFL); // returning repeats the access, which then ends the process
        }
    }
};

std::atomic<BusHandler::Slot*> BusHandler::head{nullptr};
struct sigaction BusHandler::previous = {};
std::uintptr_t BusHandler::osPage = 4096;

BusGuard::BusGuard(void* address, std::size_t length, int fd) : m_slot(nullptr) {
    static std::once_flag once;
    std::call_once(once, &BusHandler::install);
    for (Slot* slot = BusHandler::head.load(); slot != nullptr && m_slot == nullptr;
         slot = slot->next) {
        bool expected = false;
        if (slot->inUse.compare_exchange_strong(expected, true)) {
            m_slot = slot;
        }
    }
    if (m_slot == nullptr) {
        m_slot = new Slot; // never freed, see above
        m_slot->next = BusHandler::head.load();
        while (!BusHandler::head.compare_exchange_weak(m_slot->next, m_slot)) {
        }
    }
    const auto begin = std::uintptr_t(address);
    m_slot->tripped.store(false);
    m_slot->fd.store(fd);
    m_slot->begin.store(begin);
    m_slot->end.store(begin + length);
}

BusGuard::~BusGuard() {
    m_slot->end.store(0);
    m_slot->begin.store(0);
    m_slot->fd.store(-1);
    m_slot->inUse.store(false);
}

const std::atomic<bool>* BusGuard::flag() const {
    return &m_slot->tripped;
}

} // namespace pagescape::os
