package app.confee.core

import app.confee.core.domain.EngineEvent
import app.confee.core.domain.FieldCard
import app.confee.core.domain.FieldKey
import app.confee.core.domain.LeadCard
import app.confee.core.domain.NetworkState
import app.confee.core.domain.Rep
import app.confee.core.domain.ReviewAction
import app.confee.core.domain.Segment
import app.confee.core.domain.Speaker
import app.confee.core.domain.SyncStatus
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.flow.update
import kotlinx.coroutines.withTimeout
import kotlinx.serialization.json.Json
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.jsonArray
import kotlinx.serialization.json.jsonObject
import kotlinx.serialization.json.jsonPrimitive
import java.nio.file.Path
import kotlin.io.path.readText
import kotlin.time.Duration.Companion.minutes

val ONLINE = NetworkState(online = true, metered = false, lowData = false)
val OFFLINE = NetworkState(online = false, metered = false, lowData = false)

/** A test that waits longer has failed; none of them is about speed. */
val PATIENCE = 2.minutes

/** The demo's talk. */
object Story {
    val json = Path.of(System.getProperty("story.json")).readText()
    private val talk = Json.parseToJsonElement(json).jsonObject
    val id = talk.text("id")
    val segments = talk.getValue("segments").jsonArray.map { segment(it.jsonObject) }
    val texts = segments.map { it.text }

    /** The talk as a record. */
    val conversation = talk.getValue("rep").jsonObject.let { rep ->
        Conversation(id, talk.text("captured_at"), Rep(rep.text("name"), rep.text("company")), segments)
    }

    private fun segment(said: JsonObject) = Segment(
        startMs = said.text("start_ms").toULong(),
        endMs = said.text("end_ms").toULong(),
        speaker = Speaker.valueOf(said.text("speaker").uppercase()),
        text = said.text("text"),
    )
}

fun JsonObject.text(name: String) = getValue(name).jsonPrimitive.content

/** A short talk of its own. */
fun talk(number: Int) = Conversation(
    id = "talk-%03d".format(number),
    capturedAt = "2026-03-18T10:12:00+01:00",
    rep = Rep(name = "Mira Kohl", company = "Kaltwerk"),
    segments = listOf(
        Segment(
            startMs = 0u,
            endMs = 4000u,
            speaker = Speaker.PROSPECT,
            text = "We have ${number + 10},000 euros for it, and we need it by the end of June.",
        ),
    ),
)

/** Runs [work] on an engine over [folder] and shuts it down. */
suspend fun <T> withEngine(folder: Path, work: suspend (ConfeeEngine) -> T): T =
    ConfeeEngine.open(EngineConfig(dataDir = folder.toString())).use { engine ->
        try {
            work(engine)
        } finally {
            engine.shutdown()
        }
    }

/** Adds the demo's talk and swipes it right. */
suspend fun ConfeeEngine.approveStory(): LeadCard {
    val card = addConversationJson(Story.json)
    return review(card.id, ReviewAction.Approve)
}

operator fun LeadCard.get(key: FieldKey): FieldCard = fields.first { it.key == key }

/** Keeps the events and lets a test wait for them. */
class Recorder : EventObserver {
    private val events = MutableStateFlow(emptyList<EngineEvent>())

    override fun onEvent(event: EngineEvent) = events.update { it + event }

    val seen get() = events.value

    /** Waits until what came so far, in order, is as wanted. */
    suspend fun until(wanted: (List<EngineEvent>) -> Boolean): List<EngineEvent> =
        withTimeout(PATIENCE) { events.first(wanted) }

    /** Waits for a lead's card. */
    suspend fun untilLead(wanted: (LeadCard) -> Boolean): LeadCard =
        until { it.cards().any(wanted) }.cards().first(wanted)

    /** Waits for a sync status. */
    suspend fun untilSync(wanted: (SyncStatus) -> Boolean): SyncStatus =
        until { it.statuses().any(wanted) }.statuses().first(wanted)
}

fun List<EngineEvent>.cards() = filterIsInstance<EngineEvent.Lead>().map { it.card }

fun List<EngineEvent>.statuses() = filterIsInstance<EngineEvent.Sync>().map { it.status }
