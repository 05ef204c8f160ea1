package app.confee.core

import app.confee.core.domain.EngineEvent
import kotlinx.coroutines.runBlocking
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.io.TempDir
import java.nio.file.Path
import java.util.concurrent.ConcurrentLinkedQueue
import kotlin.test.assertEquals
import kotlin.test.assertTrue

class ReadmeSnippetTest {
    @TempDir
    lateinit var folder: Path

    @Test
    fun `what the documentation shows works`() = runBlocking {
        Sandbox().use { sandbox ->
            val events = ConcurrentLinkedQueue<EngineEvent>()
            val config = EngineConfig(dataDir = folder.toString())
            val tokens = Tokens { sandbox.hubspotToken }
            val report = fromTalkToCrm(config, Story.conversation, sandbox.account, tokens) { events += it }
            assertEquals(0uL, report.waiting)
            assertEquals(Sandbox.ONE_OF_EACH, sandbox.counts())
            assertTrue(events.isNotEmpty())
        }
    }
}
