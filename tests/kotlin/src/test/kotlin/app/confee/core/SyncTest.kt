package app.confee.core

import app.confee.core.Sandbox.Companion.ONE_OF_EACH
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.async
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.delay
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import org.junit.jupiter.api.AfterAll
import org.junit.jupiter.api.BeforeEach
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.io.TempDir
import java.nio.file.Path
import java.util.concurrent.ConcurrentLinkedQueue
import kotlin.test.assertEquals
import kotlin.test.assertTrue

/** Hands out what it was told to, or throws it. */
class Tokens(@Volatile var answer: () -> String = { throw TokenUnavailable.SignedOut() }) : TokenSource {
    val asked = ConcurrentLinkedQueue<String>()

    override fun token(connectionId: String): String {
        asked += connectionId
        return answer()
    }
}

class SyncTest {
    @TempDir
    lateinit var folder: Path

    @BeforeEach
    fun empty() = sandbox.reset()

    @Test
    fun `an approved lead arrives once`() = runBlocking {
        withEngine(folder) { engine ->
            val tokens = Tokens { sandbox.webhookSecret }
            engine.connectHubspot(sandbox.account, Tokens { sandbox.hubspotToken })
            engine.connectWebhook(sandbox.target, tokens)
            engine.approveStory()
            val waiting = engine.syncStatus().waiting
            engine.setNetwork(ONLINE)
            val report = engine.syncNow().wait()
            engine.syncNow().wait()
            assertTrue(report.waiting == 0uL && !report.cancelled && report.done <= waiting, "$report")
            assertEquals(waiting, engine.syncStatus().done)
            assertEquals(ONE_OF_EACH, sandbox.counts())
            assertTrue(sandbox.duplicates().isEmpty())
            assertEquals(1 to 1, sandbox.webhookEvents())
            assertEquals(setOf("webhook"), tokens.asked.toSet())
        }
    }

    @Test
    fun `nothing leaves before there is a network`() = runBlocking {
        withEngine(folder) { engine ->
            engine.connectHubspotWithToken(sandbox.account, sandbox.hubspotToken)
            engine.approveStory()
            val report = engine.syncNow().wait()
            assertEquals(SyncReport(done = 0u, waiting = engine.syncStatus().waiting, cancelled = false), report)
            engine.setNetwork(ONLINE.copy(metered = true))
            engine.syncNow().wait()
            assertEquals(0, sandbox.requests())
            engine.setAllowMetered(true)
            engine.syncNow().wait()
            assertEquals(ONE_OF_EACH, sandbox.counts())
        }
    }

    @Test
    fun `a token source may refuse and may fail`() = runBlocking {
        withEngine(folder) { engine ->
            val tokens = Tokens()
            engine.connectHubspot(sandbox.account, tokens)
            engine.approveStory()
            engine.setNetwork(ONLINE)
            engine.syncNow().wait()
            assertEquals(listOf("signed_out"), engine.syncStatus().troubles.map { it.code })
            tokens.answer = { error("the keystore is gone") }
            engine.credentialsChanged("hubspot")
            engine.syncNow().wait()
            assertEquals(0, sandbox.requests())
            tokens.answer = { sandbox.hubspotToken }
            engine.credentialsChanged("hubspot")
            engine.settle()
            assertEquals(ONE_OF_EACH, sandbox.counts())
        }
    }

    @Test
    fun `a coroutine that waits for a sync can be cancelled`() = runBlocking {
        withEngine(folder) { engine ->
            engine.hang()
            val task = engine.syncNow()
            val waiter = launch(start = CoroutineStart.UNDISPATCHED) { task.wait() }
            waiter.cancelAndJoin()
            engine.recover()
        }
    }

    @Test
    fun `a cancelled sync loses nothing`() = runBlocking {
        withEngine(folder) { engine ->
            engine.hang()
            val task = engine.syncNow()
            val waiter = async { task.wait() }
            while (!waiter.isCompleted) {
                task.cancel()
                delay(20)
            }
            assertTrue(waiter.await().waiting > 0uL)
            engine.recover()
        }
    }

    /** Approves a lead while every request of the CRM hangs. */
    private suspend fun ConfeeEngine.hang() {
        sandbox.faults("""{"fault": {"kind": "timeout", "ms": 600000, "apply": true}}""")
        connectHubspotWithToken(sandbox.account, sandbox.hubspotToken)
        setNetwork(ONLINE)
        approveStory()
        while (!syncStatus().running) delay(10)
    }

    /** The CRM answers again: everything arrives, once. */
    private suspend fun ConfeeEngine.recover() {
        sandbox.faults()
        setNetwork(OFFLINE)
        syncNow().cancel()
        setNetwork(ONLINE)
        settle()
        assertEquals(ONE_OF_EACH, sandbox.counts())
        assertTrue(sandbox.duplicates().isEmpty())
    }

    /** Waits until nothing is left to send, retries included. */
    private suspend fun ConfeeEngine.settle() {
        val recorder = Recorder()
        val subscription = observe(recorder)
        recorder.untilSync { it.waiting == 0uL }
        subscription.cancel()
    }

    companion object {
        private val sandbox = Sandbox()

        @AfterAll
        @JvmStatic
        fun close() = sandbox.close()
    }
}
