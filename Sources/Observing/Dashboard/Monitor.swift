import Glibc

/// A lock that threads can wait under, for others or for a time.
final class Monitor: @unchecked Sendable {
    // Unchecked, because the memory is only given to functions that are made for threads.

    private let lock = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private let condition = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)

    init() {
        pthread_mutex_init(lock, nil)
        var attributes = pthread_condattr_t()
        pthread_condattr_init(&attributes)
        pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC)
        pthread_cond_init(condition, &attributes)
        pthread_condattr_destroy(&attributes)
    }

    deinit {
        pthread_cond_destroy(condition)
        pthread_mutex_destroy(lock)
        condition.deallocate()
        lock.deallocate()
    }

    /// Runs `body` while no other thread runs one.
    func locked<Result>(_ body: () throws -> Result) rethrows -> Result {
        pthread_mutex_lock(lock)
        defer { pthread_mutex_unlock(lock) }
        return try body()
    }

    /// Opens the lock while `body` runs.
    func unlocked<Result>(_ body: () throws -> Result) rethrows -> Result {
        pthread_mutex_unlock(lock)
        defer { pthread_mutex_lock(lock) }
        return try body()
    }

    /// Waits, with the lock open, until somebody notifies or the time is up; may return early.
    func wait(for duration: Duration? = nil) {
        guard let duration else {
            pthread_cond_wait(condition, lock)
            return
        }
        guard duration > .zero else { return }
        var end = timespec()
        clock_gettime(CLOCK_MONOTONIC, &end)
        let nanoseconds = end.tv_nsec + Int(duration.components.attoseconds / 1_000_000_000)
        end.tv_sec += Int(duration.components.seconds) + nanoseconds / 1_000_000_000
        end.tv_nsec = nanoseconds % 1_000_000_000
        pthread_cond_timedwait(condition, lock, &end)
    }

    /// Wakes all who wait.
    func notify() { pthread_cond_broadcast(condition) }
}
