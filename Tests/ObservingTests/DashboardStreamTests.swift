import Foundation
import Questions
import Testing
import Training
import WebClient

@testable import Observing

extension DashboardTests {
    @Suite struct Streams {
        @Test func aStreamIsAStateAndThenChanges() throws {
            let served = try ServedDashboard()
            served.observe(.start("q3"))
            for step in 1...10 { served.observe(.step(step)) }
            let client = try WebClient(port: served.port)
            try client.ask("/events")
            let (status, headers) = try client.head()
            #expect(status == 200 && headers["content-type"] == "text/event-stream")
            let first = try #require(try client.event())
            #expect(first.name == "state")
            var page = try Page(first.data)
            #expect(served.dashboard.isWatched && served.dashboard.wantsPieces)
            for step in 11...13 {
                served.observe(.step(step))
                let event = try #require(try client.event())
                #expect(event.name == "change")
                try page.apply(event.data)
                #expect((page.state["questions"] as? [[String: Any]])?.first?["step"] as? Int == step)
            }
            let state = try WebClient.ask("/state", port: served.port).body
            #expect(try page.differences(from: state) == "")
        }

        @Test func whoComesBackMissesNothing() throws {
            let served = try ServedDashboard()
            served.observe(.start("q3"))
            var (first, page) = try served.open()
            for step in 1...3000 { served.observe(.step(step, loss: Double(step))) }
            let state = try WebClient.ask("/state", port: served.port).body
            let (reloaded, _) = try served.open()
            var late = try served.open().page
            for _ in 0..<2 {
                // What each of them has had, by whichever way, comes to the same.
                while try page.differences(from: state) != "" { try page.apply(#require(try first.event()).data) }
                let curve = (page.state["questions"] as? [[String: Any]])?.first?["lossCurve"] as? [String: Any]
                #expect(curve?["stride"] as? Int == 4 && (curve?["values"] as? [Any])?.count == 750)
                (first, page, late) = (reloaded, late, page)
            }
        }

        @Test func nobodyIsToldWhenNobodyLooks() throws {
            let served = try ServedDashboard()
            #expect(!served.dashboard.isWatched && !served.dashboard.wantsPieces && served.dashboard.showsPictures)
            var opened = Optional(try served.open())
            #expect(served.dashboard.isWatched && opened != nil)
            opened = nil
            // That it is gone shows when there is something to tell it.
            #expect(
                served.wait {
                    served.observe(.note("are you there?"))
                    return !served.dashboard.isWatched
                })
        }

        @Test func whoKeepsAPageWantsPieces() throws {
            let served = try ServedDashboard(keep: { _ in }, isServed: false)
            #expect(served.dashboard.wantsPieces && !served.dashboard.isWatched)
        }

        @Test func theEndIsTold() throws {
            let served = try ServedDashboard()
            served.observe(.start("q3"))
            var pages = try (0..<10).map { _ in try served.open() }
            served.observe(.finished)
            served.observe(.grade("q3"))
            try served.finish(failure: "it broke")
            for place in pages.indices {
                while let event = try pages[place].client.event() { try pages[place].page.apply(event.data) }
                let state = pages[place].page.state
                #expect(state["isOver"] as? Bool == true && state["failure"] as? String == "it broke")
                let question = (state["questions"] as? [[String: Any]])?.first
                #expect((question?["grade"] as? [String: Any])?["points"] as? Int == 5)
                #expect(question?["isFinished"] as? Bool == true)
            }
            #expect(throws: POSIXError.self) { try WebClient(port: served.port) }
        }

        @Test func whoDoesNotReadIsLeftOut() throws {
            let served = try ServedDashboard()
            served.observe(.start("q3"))
            let text = String(repeating: "abcdefgh", count: 40_000)
            func show(_ number: Int) { served.observe(.pictured([.text("\(number) \(text)")])) }
            show(0)
            let stalled = try WebClient(port: served.port, window: 4096)
            try stalled.ask("/events")
            let (other, _) = try served.open()
            // Until every buffer between is full, and for some changes more.
            for number in 1...30 {
                show(number)
                #expect(try other.event()?.name == "change")
            }
            #expect(try stalled.head().status == 200)
            var names: [String] = []
            var page = Page()
            while let event = try stalled.event() {
                names.append(event.name)
                if event.name == "state" { page = try Page(event.data) } else { try page.apply(event.data) }
                let question = (page.state["questions"] as? [[String: Any]])?.first
                let shown = ((question?["pictures"] as? [[String: Any]])?.first?["text"] as? String) ?? ""
                if shown.hasPrefix("30 ") { break }
            }
            #expect(names.first == "state" && names.dropFirst().contains("state"), "\(names)")
            #expect(names.count < 30, "it was left out: \(names)")
            #expect(try page.differences(from: WebClient.ask("/state", port: served.port).body) == "")
        }

        @Test func thereAreOnlySoManyAtOnce() throws {
            let served = try ServedDashboard()
            var clients: [WebClient] = []
            for _ in 0..<DashboardFeed.capacity { clients.append(try served.open().client) }
            #expect(try WebClient.ask("/events", port: served.port).status == 503)
            #expect(try WebClient.ask("/", port: served.port).status == 200)
            clients = []
            #expect(
                served.wait {
                    served.observe(.note("are you there?"))
                    return !served.dashboard.isWatched
                })
            _ = try served.open()
        }

        /// In a process of its own, since sockets and threads are counted.
        @Test(arguments: [0, 1, 12]) func theEndLeavesNothing(pages: Int) async {
            await #expect(processExitsWith: .success) { [pages] in
                let before = Self.socketCount
                let countersBefore = Self.counterCount
                #expect(Self.serverCount == 0)
                do {
                    let served = try ServedDashboard()
                    let clients = try (0..<pages).map { _ in try served.open().client }
                    #expect(served.wait { Self.serverCount == 1 })
                    #expect(Self.socketCount >= before + 2 + 2 * pages)
                    // With pages that do not read their last change, too.
                    try served.finish()
                    #expect(Self.socketCount == before + clients.count)
                }
                #expect(Self.serverCount == 0)
                #expect(Self.socketCount == before)
                #expect(Self.counterCount <= countersBefore)
            }
        }

        /// How many descriptors of this process are sockets, or what a server sleeps on.
        private static var socketCount: Int {
            descriptors.count { $0.hasPrefix("socket:") || $0 == "anon_inode:[eventpoll]" }
        }

        /// How many are counters by which threads wake one another; the system's queues close one of their own at any time.
        private static var counterCount: Int { descriptors.count { $0 == "anon_inode:[eventfd]" } }

        /// What the descriptors of this process are.
        private static var descriptors: [String] {
            let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd")) ?? []
            return names.compactMap {
                try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/fd/\($0)")
            }
        }

        /// How many threads of this process are servers.
        ///
        /// Whoever waited for a thread goes on a moment before the system has taken it off this list; one that is on its way
        /// out (`PF_EXITING`) runs no more.
        private static var serverCount: Int {
            let tasks = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/task")) ?? []
            return tasks.count {
                // "tid (name) state ppid pgrp session tty tpgid flags …"
                let status = String(
                    decoding: FileManager.default.contents(atPath: "/proc/self/task/\($0)/stat") ?? Data(),
                    as: UTF8.self)
                guard let nameEnd = status.lastIndex(of: ")") else { return false }
                let fields = status[nameEnd...].split(separator: " ")
                let isExiting = fields.count > 7 && (UInt(fields[7]) ?? 0) & 0x4 != 0
                return status.split(separator: "(").dropFirst().first?.hasPrefix("MHD") == true && !isExiting
            }
        }

        @Test func aDashboardThatIsDroppedStops() throws {
            var served = Optional(try ServedDashboard())
            let port = try #require(served?.port)
            let client = try #require(try served?.open().client)
            served = nil
            #expect(throws: POSIXError.self) { try WebClient(port: port) }
            // The stream is cut off, or comes to its end.
            #expect((try? client.event())?.name == nil)
        }
    }
}
