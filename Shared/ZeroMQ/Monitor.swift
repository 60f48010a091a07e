import CZeroMQ

extension Socket {
    /// What happens to a socket's connections, told by libzmq's I/O thread. Read it with `nextEvent`, on the same
    /// thread as the socket.
    public enum Event: Sendable, Hashable {
        /// A connection ended, or came; its descriptor tells a `Door` which.
        case disconnected(Int32)
        case accepted(Int32)
        case handshakeSucceeded, handshakeRefused
    }

    /// The reading end of a socket's monitor. It lives inside the socket, since the order of their ends matters: the
    /// I/O thread writes events without a time limit, so that one more event after the reading end was closed blocks
    /// it for ever, and with it every socket of the context (socket_base.cpp, monitor_event).
    @safe
    struct Monitor: ~Copyable {
        static let watched =
            ZMQ_EVENT_ACCEPTED | ZMQ_EVENT_DISCONNECTED | ZMQ_EVENT_HANDSHAKE_SUCCEEDED
            | ZMQ_EVENT_HANDSHAKE_FAILED_AUTH

        private let handle: UnsafeMutableRawPointer
        let use: Use

        init(of socket: UnsafeMutableRawPointer, name: String, in context: Context) throws(ZeroMQError) {
            let endpoint = "inproc://monitor.\(name)"
            if unsafe zmq_socket_monitor(socket, endpoint, Self.watched) != 0 {
                throw .last("zmq_socket_monitor", endpoint)
            }
            do throws(ZeroMQError) {
                unsafe (handle, use) = try Self.reader(endpoint, in: context)
            } catch {
                _ = unsafe zmq_socket_monitor(socket, nil, 0)
                throw error
            }
        }

        private static func reader(
            _ endpoint: String, in context: Context
        ) throws(ZeroMQError) -> (UnsafeMutableRawPointer, Use) {
            let handle = unsafe try context.makeSocket(ZMQ_PAIR)
            do throws(ZeroMQError) {
                // Without a limit, since a full queue would block the I/O thread just the same.
                unsafe try Socket.set(handle, ZMQ_RCVHWM, 0)
                if unsafe zmq_connect(handle, endpoint) != 0 { throw .last("connect", endpoint) }
                return unsafe (handle, try Use(handle))
            } catch {
                _ = unsafe zmq_close(handle)
                throw error
            }
        }

        /// The writing end first, then the reading end.
        func end(of socket: UnsafeMutableRawPointer) {
            _ = unsafe zmq_socket_monitor(socket, nil, 0)
            _ = unsafe zmq_close(handle)
        }

        func next() -> Event? {
            // Two frames: the event as 16 bits in the machine's order with a value, then the endpoint.
            var event: (UInt16, UInt16, UInt16) = (0, 0, 0)
            while unsafe withUnsafeMutableBytes(of: &event, { unsafe receive($0) }) {
                let value = UInt32(event.1) | UInt32(event.2) << 16
                var endpoint: UInt64 = 0
                _ = unsafe withUnsafeMutableBytes(of: &endpoint) { unsafe receive($0) }
                switch Int32(event.0) {
                case ZMQ_EVENT_ACCEPTED: return .accepted(Int32(truncatingIfNeeded: value))
                case ZMQ_EVENT_DISCONNECTED: return .disconnected(Int32(truncatingIfNeeded: value))
                case ZMQ_EVENT_HANDSHAKE_SUCCEEDED: return .handshakeSucceeded
                case ZMQ_EVENT_HANDSHAKE_FAILED_AUTH: return .handshakeRefused
                default: continue
                }
            }
            return nil
        }

        private func receive(_ buffer: UnsafeMutableRawBufferPointer) -> Bool {
            use.isUsed = true
            while unsafe zmq_recv(handle, buffer.baseAddress, buffer.count, ZMQ_DONTWAIT) < 0 {
                if zmq_errno() != EINTR { return false }
            }
            return true
        }
    }

    /// The next event of a socket that was made with `monitoredAs`, or nil when there is none now.
    public func nextEvent() -> Event? {
        switch monitor {
        case .some(let monitor): monitor.next()
        case .none: nil
        }
    }
}
