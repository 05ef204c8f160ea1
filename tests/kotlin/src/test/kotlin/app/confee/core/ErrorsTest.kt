package app.confee.core

import app.confee.core.domain.FieldKey
import app.confee.core.domain.FieldValue
import app.confee.core.domain.LeadQuery
import app.confee.core.domain.ReviewAction
import kotlinx.coroutines.test.runTest
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.io.TempDir
import java.nio.file.Path
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertTrue

class ErrorsTest {
    @TempDir
    lateinit var folder: Path

    @Test
    fun `unknown leads are not found`() = runTest {
        withEngine(folder) { engine ->
            val error = assertFailsWith<ConfeeException.NotFound> { engine.lead("nobody") }
            assertTrue(error.message.orEmpty().isNotBlank())
            assertFailsWith<ConfeeException.NotFound> { engine.retry("nothing") }
            assertFailsWith<ConfeeException.NotFound> { engine.disconnect("hubspot") }
        }
    }

    @Test
    fun `unusable input is refused and changes nothing`() = runTest {
        withEngine(folder) { engine ->
            val timeless = talk(1).copy(capturedAt = "yesterday")
            assertFailsWith<ConfeeException.InvalidInput> { engine.addConversation(timeless) }
            val silent = talk(1).copy(segments = emptyList())
            assertFailsWith<ConfeeException.InvalidInput> { engine.addConversation(silent) }
            assertFailsWith<ConfeeException.InvalidInput> { engine.addConversationJson("[]") }
            val card = engine.addConversation(talk(1))
            val text = ReviewAction.Edit(FieldKey.Budget, FieldValue.Text("plenty"))
            assertFailsWith<ConfeeException.InvalidInput> { engine.review(card.id, text) }
            assertFailsWith<ConfeeException.InvalidInput> {
                engine.parseValue(card.id, FieldKey.Budget, "a lot of it")
            }
            assertEquals(card, engine.lead(card.id))
        }
    }

    @Test
    fun `actions must fit the stage`() = runTest {
        withEngine(folder) { engine ->
            engine.approveStory()
            assertFailsWith<ConfeeException.NotAllowed> {
                engine.review(Story.id, ReviewAction.Confirm(FieldKey.Name))
            }
        }
    }

    @Test
    fun `a folder is opened once at a time`() = runTest {
        withEngine(folder) { engine ->
            assertFailsWith<ConfeeException.Locked> {
                ConfeeEngine.open(EngineConfig(dataDir = folder.toString()))
            }
            assertEquals(emptyList(), engine.leads(LeadQuery()))
        }
    }

    @Test
    fun `a webhook without TLS is refused`() = runTest {
        withEngine(folder) { engine ->
            val plain = WebhookTarget(url = "http://hooks.example.com/leads")
            assertFailsWith<ConfeeException.Connection> { engine.connectWebhook(plain, Tokens()) }
        }
    }

    @Test
    fun `a closed engine says so`() = runTest {
        withEngine(folder) { engine ->
            engine.addConversation(talk(1))
            engine.shutdown()
            assertFailsWith<ConfeeException.Closed> { engine.lead("talk-001") }
            assertFailsWith<ConfeeException.Closed> { engine.review("talk-001", ReviewAction.Approve) }
            assertFailsWith<ConfeeException.Closed> { engine.addConversation(talk(2)) }
            assertTrue(engine.syncNow().wait().cancelled)
        }
    }
}
