import Exchange
import Platform
import Synchronization
import Testing
import Training

/// Threads that wait for tasks: each part is done once, and before the owner goes on.
@Suite(.timeLimit(.minutes(5))) struct ThreadCrewTests {
    /// Notes who did which part.
    private final class Notes: CrewTask, @unchecked Sendable {
        // Unchecked, because every part has a place of its own.
        private let places: UnsafeMutableBufferPointer<Int>
        let parts = Atomic(0)

        init(_ count: Int) {
            places = .allocate(capacity: count)
            places.initialize(repeating: 0)
        }

        deinit {
            places.deallocate()
        }

        func perform(part: Int, of parts: Int) {
            places[part] += 1
            self.parts.store(parts, ordering: .relaxed)
        }

        var done: [Int] { Array(places) }
    }

    @Test(arguments: 1...5) func everyPartIsDoneOnce(count: Int) throws {
        let crew = try ThreadCrew(count: count)
        #expect(crew.count == count)
        let notes = Notes(count)
        for round in 1...2000 {
            crew.perform(notes, threads: count)
            // Nothing is still under way.
            #expect(notes.done == Array(repeating: round, count: count))
        }
        #expect(notes.parts.load(ordering: .relaxed) == count)
    }

    @Test(arguments: [(-1, 1), (0, 1), (1, 1), (2, 2), (3, 3), (9, 3)])
    func noMoreThreadsTakePartThanAreWanted(wanted: Int, parts: Int) throws {
        let crew = try ThreadCrew(count: 3)
        let notes = Notes(3)
        for _ in 0..<100 { crew.perform(notes, threads: wanted) }
        #expect(notes.done == (0..<3).map { $0 < parts ? 100 : 0 })
        #expect(notes.parts.load(ordering: .relaxed) == parts)
    }

    /// Goes to the owner's processor at first, and then says where it is.
    private final class Intruder: CrewTask, @unchecked Sendable {
        // Unchecked, because only the crew's own thread writes, and the owner reads when nothing is under way.
        let owner = platform_thread()
        let home = platform_processor()
        private(set) var isThere = false
        private(set) var found: Int32?

        func perform(part: Int, of parts: Int) {
            // The owner does the other part as well if the thread is too late.
            guard part == 1, platform_thread() != owner else { return }
            if isThere {
                found = platform_processor()
            } else {
                Affinity.restrict(to: home)
                isThere = true
            }
        }
    }

    @Test(.enabled(if: platform_processor_count() > 1, "there is one processor only"))
    func `A thread on the owner's processor is moved to another`() throws {
        let crew = try ThreadCrew(count: 2)
        let intruder = Intruder()
        Affinity.restrict(to: intruder.home)
        defer { _ = platform_place_thread(0, -1) }
        let deadline = ContinuousClock.now + .seconds(20)
        while intruder.found == nil, ContinuousClock.now < deadline {
            crew.perform(intruder, threads: 2)
        }
        #expect(intruder.isThere && intruder.found != nil && intruder.found != intruder.home)
    }

    @Test func crewsComeAndGo() throws {
        for count in [1, 2, 4] {
            for _ in 0..<50 { _ = try ThreadCrew(count: count) }
        }
    }
}
