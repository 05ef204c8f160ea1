package app.confee.core

import app.confee.core.domain.FieldKey
import app.confee.core.domain.FieldValue
import app.confee.core.domain.LeadQuery
import app.confee.core.domain.ReviewAction
import app.confee.core.domain.Stage
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitAll
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.yield
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.io.TempDir
import java.nio.file.Path
import kotlin.test.assertEquals
import kotlin.test.assertTrue

class ConcurrencyTest {
    @TempDir
    lateinit var folder: Path

    @Test
    fun `fifty talks are reviewed and read at once`() = runBlocking(Dispatchers.Default) {
        withEngine(folder) { engine ->
            val approved = (0 until MANY).map { number ->
                async {
                    val id = engine.addConversation(talk(number)).id
                    val name = FieldValue.Text("Visitor $number")
                    engine.review(id, ReviewAction.Edit(FieldKey.Name, name))
                    assertEquals("Visitor $number", engine.lead(id)[FieldKey.Name].display)
                    engine.leads(LeadQuery())
                    engine.review(id, ReviewAction.Approve)
                }
            }.awaitAll()
            assertTrue(approved.all { it.stage == Stage.APPROVED })
            val rows = engine.leads(LeadQuery(limit = 500u))
            assertEquals((0 until MANY).map { "Visitor $it" }.toSet(), rows.map { it.name }.toSet())
        }
    }

    @Test
    fun `reads see one lead whole while it is edited`() = runBlocking(Dispatchers.Default) {
        withEngine(folder) { engine ->
            val id = engine.addConversation(talk(1)).id
            val names = (0 until MANY).map { "Visitor $it" }
            val edits = names.map { name ->
                val edit = ReviewAction.Edit(FieldKey.Name, FieldValue.Text(name))
                async { untilTaken { engine.review(id, edit) } }
            }
            val reads = (0 until MANY).map { async { engine.lead(id) } }
            for (card in reads.awaitAll()) {
                val name = card.fields.find { it.key == FieldKey.Name }?.display
                assertTrue(name == null || name in names, name)
                assertTrue(name == null || card.headline == name, card.headline)
            }
            edits.awaitAll()
            assertTrue(engine.lead(id)[FieldKey.Name].display in names)
        }
    }

    @Test
    fun `cancelled calls leave the engine whole`() = runBlocking(Dispatchers.Default) {
        withEngine(folder) { engine ->
            val calls = (0 until MANY).map { launch { engine.addConversation(talk(it)) } }
            yield()
            calls.forEach { it.cancelAndJoin() }
            val again = (0 until MANY).map { async { untilTaken { engine.addConversation(talk(it)) } } }
            assertEquals((0 until MANY).map { talk(it).id }, again.awaitAll().map { it.id })
            assertEquals(MANY, engine.leads(LeadQuery(limit = 500u)).size)
        }
    }

    /** Calls that change one lead at the same time may be refused: repeat them. */
    private suspend fun <T> untilTaken(call: suspend () -> T): T {
        while (true) {
            try {
                return call()
            } catch (_: ConfeeException.NotAllowed) {
                yield()
            }
        }
    }

    private companion object {
        const val MANY = 50
    }
}
