package app.confee.core

// snippet begins
import app.confee.core.domain.EngineEvent
import app.confee.core.domain.FieldKey
import app.confee.core.domain.NetworkState
import app.confee.core.domain.ReviewAction
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.withContext

/** From a talk to the CRM: the way of one lead through the engine. */
suspend fun fromTalkToCrm(
    config: EngineConfig,
    talk: Conversation,
    account: HubSpotAccount,
    keystore: TokenSource,
    show: (EngineEvent) -> Unit,
): SyncReport {
    val engine = withContext(Dispatchers.IO) { ConfeeEngine.open(config) }
    // Called on a thread of the engine's: `show` posts to the main thread.
    val subscription = engine.observe(object : EventObserver {
        override fun onEvent(event: EngineEvent) = show(event)
    })

    val draft = engine.addConversation(talk)
    for (field in draft.fields) {
        println("${field.label}: ${field.display} (${field.confidence}), said: ${field.quote}")
    }

    val budget = engine.parseValue(draft.id, FieldKey.Budget, "50-60k EUR")
    engine.review(draft.id, ReviewAction.Edit(FieldKey.Budget, budget))
    engine.review(draft.id, ReviewAction.Approve)

    withContext(Dispatchers.IO) { engine.connectHubspot(account, keystore) }
    engine.setNetwork(NetworkState(online = true, metered = false, lowData = false))
    val report = engine.syncNow().use { it.wait() }

    subscription.cancel()
    withContext(Dispatchers.IO) { engine.shutdown() }
    engine.close()
    return report
}
// snippet ends
