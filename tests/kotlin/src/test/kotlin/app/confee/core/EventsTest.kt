package app.confee.core

import app.confee.core.domain.EngineEvent
import app.confee.core.domain.LeadQuery
import app.confee.core.domain.Stage
import kotlinx.coroutines.delay
import kotlinx.coroutines.runBlocking
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.io.TempDir
import java.nio.file.Path
import kotlin.test.assertEquals
import kotlin.test.assertFalse

class EventsTest {
    @TempDir
    lateinit var folder: Path

    @Test
    fun `observers get a snapshot and every change`() = runBlocking {
        withEngine(folder) { engine ->
            engine.addConversation(talk(1))
            val recorder = Recorder()
            val subscription = engine.observe(recorder)
            val snapshot = recorder.until { it.lastOrNull() is EngineEvent.Sync }
            assertEquals(listOf("talk-001"), snapshot.cards().map { it.id })
            engine.approveStory()
            assertEquals(Story.id, recorder.untilLead { it.stage == Stage.APPROVED }.id)
            engine.erase(Story.id)
            recorder.until { EngineEvent.Erased(Story.id) in it }
            assertFalse(subscription.isFinished())
        }
    }

    @Test
    fun `a cancelled subscription is silent`() = runBlocking {
        withEngine(folder) { engine ->
            val silent = Recorder()
            val loud = Recorder()
            val cancelled = engine.observe(silent)
            val kept = engine.observe(loud)
            silent.untilSync { true }
            cancelled.cancel()
            while (!cancelled.isFinished()) delay(10)
            val before = silent.seen
            engine.addConversation(talk(1))
            loud.untilLead { it.id == "talk-001" }
            assertEquals(before, silent.seen)
            assertFalse(kept.isFinished())
        }
    }

    @Test
    fun `an observer that throws harms nobody`() = runBlocking {
        withEngine(folder) { engine ->
            val broken = engine.observe(object : EventObserver {
                override fun onEvent(event: EngineEvent) = error("the screen is gone")
            })
            val recorder = Recorder()
            val kept = engine.observe(recorder)
            engine.addConversation(talk(1))
            engine.addConversation(talk(2))
            recorder.untilLead { it.id == "talk-002" }
            assertFalse(broken.isFinished() || kept.isFinished())
        }
    }

    @Test
    fun `an observer may call the engine`() = runBlocking {
        withEngine(folder) { engine ->
            val recorder = Recorder()
            val subscription = engine.observe(object : EventObserver {
                override fun onEvent(event: EngineEvent) {
                    engine.syncStatus()
                    runBlocking { engine.leads(LeadQuery()) }
                    recorder.onEvent(event)
                }
            })
            engine.addConversation(talk(1))
            recorder.untilLead { it.id == "talk-001" }
            subscription.cancel()
        }
    }
}
