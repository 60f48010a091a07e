import Foundation
import Testing

/// Every sentence with MUST, SHOULD or SHALL of the five standards that the gateway speaks (rfc.zeromq.org), and the
/// test in this folder that holds us to it: RFC 7 (MDP 0.1), 18 (MDP 0.2), 8 (MMI), 9 (TSP) and 27 (ZAP). Sentences
/// are shortened, their verbs are not. A test that is named twice stands for a sentence that both versions have.
///
/// Where we do otherwise, and why:
/// - A worker that announced itself (credit, our addition to READY) and says DISCONNECT while it works gets heartbeats
///   until its last answer, and no request; a stock worker gets nothing.
/// - It also works on several requests at once, so that a reply to none of them is only dropped: it may be too late.
/// - A request for a name that nobody serves is queued when its body is no JSON. JSON-RPC has an error for it, which is
///   told at once.
private let sentences = """
    7 18 | Overall Topology | broker SHOULD serve clients on a fair basis | aFloodOfOneClientStarvesNoOther
    7 18 | ROUTER Addressing | broker MUST use a ROUTER socket | oneRouterTakesClientsAndWorkers
    7 | MDP/Client | clients SHOULD use a REQ socket for a synchronous pattern | aREQSocketIsAClient
    7 | MDP/Client | clients with a DEALER MUST create the empty frame 0 | theEmptyFrameIsNeeded
    18 | MDP/Client | clients MUST use a DEALER socket | ourClientIsADealer
    18 | MDP/Client | client MUST be prepared to handle zero or more PARTIAL | ourClientTakesPartials
    18 | MDP/Client | after a FINAL the broker SHALL not send further commands | afterTheFinalComesNothing
    7 18 | MDP/Client | broker SHOULD queue requests for which no service is registered | unservedRequestsAreQueued
    7 18 | MDP/Client | and SHOULD expire these after a reasonable and configurable time | unservedRequestsExpire
    7 18 | Opening | one worker MUST connect to exactly one broker using a single DEALER | ourWorkerHasOneDealer
    7 18 | Opening | the worker MUST NOT send a further READY | ourWorkerSaysReadyOnce
    7 18 | Opening | worker SHOULD assume the registration succeeded | ourWorkerWorksBeforeItHearsAnything
    7 18 | Opening | after DISCONNECT the broker MUST send no further commands | nothingIsSentToWhoLeft
    7 18 | Opening | broker MUST respond to any valid but unexpected command by DISCONNECT | theUnexpectedIsSentAway
    7 18 | Opening | broker SHOULD drop invalid messages, and treat that peer as invalid | theInvalidIsDropped
    7 18 | Opening | on DISCONNECT the worker MUST close its socket, and reconnect | ourWorkerComesBackOnANewSocket
    18 | Request | worker SHALL send zero or more PARTIAL, then exactly one FINAL | partialsAndOneFinal
    7 | Request | REQUEST and REPLY MUST contain precisely one address frame | oneAddressFrame
    18 | Request | REQUEST, PARTIAL and FINAL SHALL contain precisely one address frame | oneAddressFrame
    7 18 | Request | this frame MUST be followed by an empty frame | theAddressIsDelimited
    7 18 | Heartbeating | peers SHOULD NOT send HEARTBEAT while also sending other commands | commandsAreHeartbeats
    7 18 | Heartbeating | both broker and worker MUST send heartbeats at regular intervals | bothSidesHeartbeat
    7 18 | Heartbeating | a peer MUST consider a silent other disconnected | silenceIsDisconnection
    7 18 | Heartbeating | worker SHOULD restart a new conversation | ourWorkerStartsANewConversation
    7 18 | Heartbeating | broker SHOULD stop sending to a disconnected worker | aLostWorkerGetsNothingMore

    8 | Goals | MMI-compatible brokers SHOULD implement the default services | theDefaultServiceIsThere
    8 | Namespace | broker MUST handle all services that start with "mmi." | theNamespaceIsTheBrokers
    8 | Namespace | it MUST disconnect any workers that register in it | workersMayNotTakeTheNamespace
    8 | Default services | broker MUST implement mmi.service | theDefaultServiceIsThere
    8 | Default services | unimplemented services MUST result in a reply "501" | theRestIsNotImplemented

    9 | Services | a server MUST implement titanic.request, reply and close | theThreeServicesAreThere
    9 | titanic.request | it MUST reply with 1 or more frames: status, UUID if OK | aRequestIsStored
    9 | titanic.request | the status code MUST be one of those listed | aReplyIsFetched
    9 | titanic.request | the UUID MUST be 32 hexadecimal characters | aRequestIsStored
    9 | titanic.reply | it MUST reply with 1 or more frames: status, body if OK | aReplyStays
    9 | titanic.reply | the status code MUST be one of those listed | aReplyIsFetched
    9 | titanic.reply | the UUID MUST be 32 hexadecimal characters | aReplyIsFetched
    9 | titanic.reply | it MUST NOT delete a reply when delivered | aReplyStays
    9 | titanic.close | it MUST reply with 1 frame | aRequestIsClosed
    9 | titanic.close | the status code MUST be one of those listed | aReplyIsFetched
    9 | titanic.close | the UUID MUST be 32 hexadecimal characters | aRequestIsClosed
    9 | titanic.close | it MUST return 200 if the UUID is not known | aRequestIsClosed
    9 | Status | a client MUST NOT treat the text as significant (we send none) | aReplyIsFetched
    9 | Status | on 300 the client SHOULD retry | aReplyIsFetched
    9 | Status | on 400 it SHOULD NOT retry | aReplyIsFetched
    9 | Status | on 500 it SHOULD retry (a dead letter that an operator retries) | aRequestIsStored

    27 | Architecture | server and handler SHALL communicate by these sockets and transports | theHandlerAnswersWhereItShould
    27 | Architecture | server SHALL use a REQ or DEALER socket | libzmqAsksAsItShould
    27 | Architecture | handler SHALL use a REP or ROUTER socket | theHandlerAnswersWhereItShould
    27 | Architecture | handler SHALL bind to inproc://zeromq.zap.01 | theHandlerAnswersWhereItShould
    27 | Architecture | server SHALL connect to this endpoint | libzmqAsksAsItShould
    27 | Architecture | there SHALL be one handler in a process | thereIsOneHandler
    27 | Architecture | handler SHALL start before any server starts | theHandlerIsThereFirst
    27 | Format | a dialog SHALL consist of one request and one reply | theHandlerAnswersWhereItShould
    27 | Format | the request SHALL consist of these frames | libzmqAsksAsItShould
    27 | Format | its delimiter SHALL have a length of zero | libzmqAsksAsItShould
    27 | Format | its version SHALL contain "1.0" | otherVersionsAreRefused
    27 | Format | its domain SHALL contain a (non-empty) string | otherDomainsAreRefused
    27 | Format | its mechanism SHALL contain a string | otherMechanismsAreRefused
    27 | Format | its credentials SHALL be zero or more frames | credentialsAreThoseOfTheMechanism
    27 | Format | the reply SHALL consist of these frames | theHandlerAnswersWhereItShould
    27 | Format | its delimiter SHALL have a length of zero | theHandlerAnswersWhereItShould
    27 | Format | its version SHALL contain "1.0" | theHandlerAnswersWhereItShould
    27 | Format | its status code SHALL contain a string | everyReplyIsWellFormed
    27 | Format | its user id SHALL contain a string | everyReplyIsWellFormed
    27 | Format | the reply SHALL echo the request id | theHandlerAnswersWhereItShould
    27 | Format | address SHALL be an IP address (libzmq adds uid, gid and pid on ipc) | libzmqAsksAsItShould
    27 | Format | identity SHALL be no longer than 255 bytes | libzmqAsksAsItShould
    27 | Format | the mechanism SHALL NOT be empty | otherMechanismsAreRefused
    27 | Format | user id for other statuses than 200 SHALL be empty | everyReplyIsWellFormed
    27 | Format | the metadata SHALL use the ZMTP 3.0 format | everyReplyIsWellFormed
    27 | Socket Types | a REQ server SHALL not send a delimiter | libzmqAsksAsItShould
    27 | Socket Types | a REP handler SHALL not send nor receive a delimiter | theHandlerAnswersWhereItShould
    27 | Socket Types | a ROUTER handler SHALL receive a routing id | theEnvelopeIsEchoed
    27 | Socket Types | it MUST send this frame at the start of its reply | theEnvelopeIsEchoed
    27 | Proxy Handlers | a proxy SHOULD forward unmodified (we are none) | theEnvelopeIsEchoed
    27 | Proxy Handlers | a proxy MUST use a ROUTER (we are none) | theEnvelopeIsEchoed
    27 | Proxy Handlers | a proxy MUST send on the whole message (we are none) | theEnvelopeIsEchoed
    27 | Proxy Handlers | a terminal handler MUST accept N routing ids and a delimiter | theEnvelopeIsEchoed
    27 | Proxy Handlers | it MUST save this envelope | theEnvelopeIsEchoed
    27 | Proxy Handlers | it MUST send the same envelope back | theEnvelopeIsEchoed
    27 | NULL | the mechanism SHALL be the 4 characters "NULL" | otherMechanismsAreRefused
    27 | NULL | there SHALL be no credentials frames | credentialsAreThoseOfTheMechanism
    27 | PLAIN | the mechanism SHALL be "PLAIN" (not offered) | otherMechanismsAreRefused
    27 | PLAIN | the credentials SHALL be two frames (not offered) | otherMechanismsAreRefused
    27 | CURVE | the mechanism SHALL be the 5 characters "CURVE" | credentialsAreThoseOfTheMechanism
    27 | CURVE | the credentials SHALL be a 32-byte public key | credentialsAreThoseOfTheMechanism
    27 | Examples | REQ SHALL NOT send the delimiter | libzmqAsksAsItShould
    27 | Examples | DEALER SHALL send the delimiter | theHandlerAnswersWhereItShould
    27 | Examples | REP SHALL NOT receive nor send the delimiter | theHandlerAnswersWhereItShould
    27 | Examples | ROUTER SHALL receive and send the delimiter | theEnvelopeIsEchoed
    """

@Suite struct ConformanceTests {
    /// How often the published texts say MUST, SHOULD or SHALL, their paragraph on the words themselves left out.
    private static let verbs = [7: 20, 18: 22, 8: 5, 9: 16, 27: 45]

    @Test func theTableHasEverySentence() {
        var counts: [Int: Int] = [:]
        for row in Self.rows {
            for number in row[0].split(separator: " ").compactMap({ Int($0) }) { counts[number, default: 0] += 1 }
            #expect(row[2].contains("MUST") || row[2].contains("SHOULD") || row[2].contains("SHALL"), "\(row)")
        }
        #expect(counts == Self.verbs)
    }

    @Test func everySentenceHasItsTest() throws {
        let folder = URL(filePath: #filePath).deletingLastPathComponent()
        let files = try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
        let source = try files.map { try String(contentsOf: $0, encoding: .utf8) }.joined()
        let tested = Set(Self.rows.map { $0[3] })
        for name in tested { #expect(source.contains("func \(name)("), "\(name)") }
    }

    private static let rows = sentences.split(separator: "\n").map { line in
        line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
    }
}
