package app.confee.core

import app.confee.core.domain.FieldKey
import app.confee.core.domain.FieldValue
import app.confee.core.domain.ReviewAction
import kotlinx.coroutines.runBlocking
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.io.TempDir
import java.nio.file.Path
import java.util.concurrent.ConcurrentLinkedQueue
import kotlin.test.assertEquals
import kotlin.test.assertFalse
import kotlin.test.assertTrue

class LoggingTest {
    @TempDir
    lateinit var folder: Path

    private class Lines : LogSink {
        val all = ConcurrentLinkedQueue<String>()

        @Volatile
        var broken = false

        override fun log(level: String, target: String, line: String) {
            all += "$level $target $line"
            check(!broken) { "the log is full" }
        }
    }

    @Test
    fun `log lines hold no user data`() = runBlocking {
        val lines = Lines()
        assertTrue(initLogging("trace", lines))
        assertFalse(initLogging("trace", Lines()), "the first sink stays")
        val secrets = Sandbox().use { sandbox ->
            withEngine(folder) { it.work(sandbox) }
            listOf(sandbox.hubspotToken, sandbox.webhookSecret, sandbox.webhookUrl, EMAIL, PHONE, TYPED)
        }
        assertTrue(lines.all.any { "confee_companion" in it && Story.id in it }, "nothing was logged")
        assertEquals(emptySet(), words(lines.all) intersect words(Story.texts + TYPED))
        assertEquals(emptyList(), lines.all.filter { line -> secrets.any { it in line } })
        lines.broken = true
        try {
            withEngine(folder) { assertEquals(Story.id, it.lead(Story.id).id) }
        } finally {
            lines.broken = false
        }
    }

    /** Calls of every kind, some of which fail. */
    private suspend fun ConfeeEngine.work(sandbox: Sandbox) {
        sandbox.faults("""{"match": {"path_contains": "/deals"}, "fault": {"kind": "unauthorized"}}""")
        connectHubspot(sandbox.account, Tokens { sandbox.hubspotToken })
        connectWebhook(sandbox.target, Tokens { sandbox.webhookSecret })
        setNetwork(ONLINE)
        val subscription = observe(Recorder())
        addConversationJson(Story.json)
        runCatching { parseValue(Story.id, FieldKey.Budget, TYPED) }
        runCatching { addConversationJson("""{"id": "$TYPED"}""") }
        review(Story.id, ReviewAction.Edit(FieldKey.Pain(0u), FieldValue.Text(TYPED)))
        review(Story.id, ReviewAction.Approve)
        syncNow().use { it.wait() }
        sandbox.faults()
        connectHubspotWithToken(sandbox.account, sandbox.hubspotToken)
        syncNow().use { it.wait() }
        addConversation(talk(1))
        erase("talk-001")
        subscription.cancel()
    }

    /** Words that are long enough to tell something, in lower case. */
    private fun words(texts: Iterable<String>): Set<String> =
        texts.flatMap { it.lowercase().split(NO_LETTERS) }.filter { it.length > 3 }.toSet() - HARMLESS

    private companion object {
        const val EMAIL = "fenlandberry"
        const val PHONE = "7700900318"
        const val TYPED = "Zugspitzplatt-Quittenmost"
        val NO_LETTERS = Regex("[^a-z]+")

        /** Words of the talk that log lines use in another sense. */
        val HARMLESS = setOf("approved")
    }
}
