// snippet begins
import ConfeeFFI

/// Hands what changes to the screen, which has to post it to the main actor.
final class Screen: EventObserver {
    private let show: @Sendable (EngineEvent) -> Void

    init(show: @escaping @Sendable (EngineEvent) -> Void) {
        self.show = show
    }

    func onEvent(event: EngineEvent) {
        show(event)
    }
}

/// From a talk to the CRM: the way of one lead through the engine.
func fromTalkToCrm(
    config: EngineConfig,
    talk: Conversation,
    account: HubSpotAccount,
    keychain: any TokenSource,
    show: @escaping @Sendable (EngineEvent) -> Void
) async throws -> SyncReport {
    let engine = try await Task.detached { try ConfeeEngine.open(config: config) }.value
    // Called on a thread of the engine's.
    let subscription = engine.observe(observer: Screen(show: show))

    let draft = try await engine.addConversation(conversation: talk)
    for field in draft.fields {
        print("\(field.label): \(field.display) (\(field.confidence)), said: \(field.quote)")
    }

    let budget = try await engine.parseValue(id: draft.id, key: .budget, text: "50-60k EUR")
    _ = try await engine.review(id: draft.id, action: .edit(key: .budget, value: budget))
    _ = try await engine.review(id: draft.id, action: .approve)

    try await Task.detached {
        try engine.connectHubspot(account: account, tokens: keychain)
    }.value
    engine.setNetwork(state: NetworkState(online: true, metered: false, lowData: false))
    let report = await engine.syncNow().wait()

    subscription.cancel()
    await Task.detached { engine.shutdown() }.value
    return report
}
// snippet ends
