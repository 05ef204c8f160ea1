package app.confee.core

import app.confee.core.domain.ConsentEvent
import app.confee.core.domain.ConsentMethod
import app.confee.core.domain.FieldKey
import app.confee.core.domain.FieldState
import app.confee.core.domain.FieldValue
import app.confee.core.domain.RejectReason
import app.confee.core.domain.ReviewAction
import app.confee.core.domain.Stage
import kotlinx.coroutines.test.runTest
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.io.TempDir
import java.nio.file.Path
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertIs
import kotlin.test.assertNull

class ReviewTest {
    @TempDir
    lateinit var folder: Path

    @Test
    fun `an edit keeps what was extracted`() = runTest {
        withEngine(folder) { engine ->
            val before = engine.addConversationJson(Story.json)[FieldKey.Budget].display
            val typed = engine.parseValue(Story.id, FieldKey.Budget, "90-110k EUR")
            val edited = engine.review(Story.id, ReviewAction.Edit(FieldKey.Budget, typed))[FieldKey.Budget]
            val budget = assertIs<FieldValue.Budget>(edited.value).v1
            assertEquals(90_000.0 to 110_000.0, budget.min to budget.max)
            assertEquals(FieldState.EDITED, edited.state)
            assertEquals(before, edited.oldDisplay)
            assertEquals(before, engine.review(Story.id, ReviewAction.Undo)[FieldKey.Budget].display)
        }
    }

    @Test
    fun `a field can be confirmed and cleared`() = runTest {
        withEngine(folder) { engine ->
            engine.addConversationJson(Story.json)
            engine.review(Story.id, ReviewAction.Confirm(FieldKey.Name))
            val card = engine.review(Story.id, ReviewAction.Edit(FieldKey.Phone, null))
            assertEquals(FieldState.CONFIRMED to 1.0, card[FieldKey.Name].run { state to confidence })
            assertEquals(FieldState.CLEARED, card[FieldKey.Phone].state)
            assertNull(card[FieldKey.Phone].value)
        }
    }

    @Test
    fun `what was decided can be opened again`() = runTest {
        withEngine(folder) { engine ->
            assertEquals(Stage.APPROVED, engine.approveStory().stage)
            assertEquals(Stage.IN_REVIEW, engine.review(Story.id, ReviewAction.Reopen).stage)
            val rejected = engine.review(Story.id, ReviewAction.Reject(RejectReason.DUPLICATE))
            assertEquals(Stage.REJECTED, rejected.stage)
        }
    }

    @Test
    fun `a withdrawn consent erases the lead`() = runTest {
        withEngine(folder) { engine ->
            engine.addConversationJson(Story.json)
            engine.consent(Story.id, ConsentEvent.GRANT, ConsentMethod.SPOKEN)
            engine.consent(Story.id, ConsentEvent.WITHDRAW, ConsentMethod.WRITTEN)
            assertFailsWith<ConfeeException.NotFound> { engine.lead(Story.id) }
        }
    }
}
