package app.confee.core

import app.confee.core.domain.EvidenceSpan
import app.confee.core.domain.FieldKey
import app.confee.core.domain.FieldValue
import app.confee.core.domain.LeadQuery
import app.confee.core.domain.PageMark
import app.confee.core.domain.Stage
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitAll
import kotlinx.coroutines.test.runTest
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.io.TempDir
import java.nio.file.Path
import kotlin.test.assertEquals
import kotlin.test.assertIs
import kotlin.test.assertTrue

class CardsTest {
    @TempDir
    lateinit var folder: Path

    @Test
    fun `a talk becomes a card`() = runTest {
        withEngine(folder) { engine ->
            val card = engine.addConversationJson(Story.json)
            assertEquals(Stage.DRAFTED, card.stage)
            assertEquals("Owen Hartnell, Fenland Berry Farms", card.headline)
            assertEquals("o.hartnell@fenlandberry.co.uk", card[FieldKey.Email].display)
            val budget = assertIs<FieldValue.Budget>(card[FieldKey.Budget].value).v1
            assertEquals(150_000.0 to "GBP", budget.max to budget.currency)
        }
    }

    @Test
    fun `every field cites the talk`() = runTest {
        withEngine(folder) { engine ->
            val card = engine.addConversationJson(Story.json)
            assertTrue(card.fields.size > 7)
            for (field in card.fields) {
                assertTrue(field.confidence > 0 && field.confidence <= 1, field.label)
                assertEquals(cited(field.evidence), field.quote, field.label)
            }
        }
    }

    @Test
    fun `the same talk again changes nothing`() = runTest {
        withEngine(folder) { engine ->
            val card = engine.addConversation(Story.conversation)
            assertEquals(card, engine.addConversationJson(Story.json))
            assertEquals(listOf(Story.id), engine.leads(LeadQuery()).map { it.id })
        }
    }

    @Test
    fun `leads are listed in pages`() = runTest {
        withEngine(folder) { engine ->
            (0 until 7).map { async { engine.addConversation(talk(it)) } }.awaitAll()
            val seen = mutableListOf<String>()
            var page = engine.leads(LeadQuery(limit = 3u))
            while (page.isNotEmpty()) {
                seen += page.map { it.id }
                val mark = page.last().run { PageMark(capturedAtMs, id) }
                page = engine.leads(LeadQuery(limit = 3u, after = mark))
            }
            assertEquals((0 until 7).map { "talk-%03d".format(it) }, seen.sorted())
        }
    }

    @Test
    fun `everything is there after a restart`() = runTest {
        val card = withEngine(folder) { it.approveStory() }
        withEngine(folder) { engine ->
            assertEquals(card, engine.lead(Story.id))
            assertEquals(1, engine.leads(LeadQuery(text = "fenland")).size)
        }
    }

    /** The words that spans point at; spans count code points, not UTF-16 units. */
    private fun cited(evidence: List<EvidenceSpan>) = evidence.joinToString(" … ") { span ->
        val text = Story.texts[span.segment.toInt()]
        val start = text.offsetByCodePoints(0, span.start.toInt())
        text.substring(start, text.offsetByCodePoints(0, span.end.toInt()))
    }
}
