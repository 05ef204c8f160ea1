package app.confee.core

import kotlinx.serialization.json.Json
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.int
import kotlinx.serialization.json.jsonArray
import kotlinx.serialization.json.jsonObject
import kotlinx.serialization.json.jsonPrimitive
import java.net.URI
import java.net.http.HttpClient
import java.net.http.HttpRequest
import java.net.http.HttpRequest.BodyPublishers
import java.net.http.HttpResponse.BodyHandlers
import java.util.concurrent.TimeUnit

/** The fake CRMs, as a process of their own. */
class Sandbox : AutoCloseable {
    private val process =
        ProcessBuilder(System.getProperty("confee.bin"), "sandbox", "serve", "--port", "0", "--json")
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start()
    private val place = parse(process.inputReader().readLine())
    private val http = HttpClient.newHttpClient()

    val hubspotUrl = place.text("hubspot_url")
    val hubspotToken = place.text("hubspot_token")
    val webhookUrl = place.text("webhook_url")
    val webhookSecret = place.text("webhook_secret")

    /** How to reach the fake HubSpot. */
    val account get() = HubSpotAccount(baseUrl = hubspotUrl)

    /** How to reach the webhook's receiver. */
    val target get() = WebhookTarget(url = webhookUrl, allowPrivate = true)

    /** Number of records by type. */
    fun counts(): Map<String, Int> =
        state().at("portal", "counts").mapValues { (_, count) -> count.jsonPrimitive.int }

    /** Requests since the last reset. */
    fun requests(): Int = state().at("totals").getValue("requests").jsonPrimitive.int

    /** Records that look like the same thing twice. */
    fun duplicates() = state().at("portal").getValue("duplicates").jsonArray

    /** Webhook events with a valid signature, and all. */
    fun webhookEvents(): Pair<Int, Int> {
        val events = state().at("webhooks", "leads").getValue("events").jsonArray
        val valid = events.count { it.jsonObject.getValue("valid").jsonPrimitive.content == "true" }
        return valid to events.size
    }

    /** Replaces the script of faults; [rules] are the JSON of rules. */
    fun faults(vararg rules: String) = post("/_sandbox/faults", """{"rules": [${rules.joinToString()}]}""")

    /** Empties the CRMs and ends all faults. */
    fun reset() {
        faults()
        post("/_sandbox/reset", "{}")
    }

    override fun close() {
        process.destroy()
        process.waitFor(PATIENCE.inWholeSeconds, TimeUnit.SECONDS)
    }

    private fun state() = parse(send(request("/_sandbox/state").GET()))

    private fun post(path: String, body: String) {
        send(request(path).header("content-type", "application/json").POST(BodyPublishers.ofString(body)))
    }

    private fun request(path: String) = HttpRequest.newBuilder(URI(place.text("base_url") + path))

    private fun send(request: HttpRequest.Builder): String {
        val answer = http.send(request.build(), BodyHandlers.ofString())
        check(answer.statusCode() in 200..299) { "the sandbox answered ${answer.statusCode()}" }
        return answer.body()
    }

    private fun parse(text: String) = Json.parseToJsonElement(text).jsonObject

    private fun JsonObject.at(vararg names: String): JsonObject =
        names.fold(this) { inner, name -> inner.getValue(name).jsonObject }

    companion object {
        /** What one approved lead of the demo makes. */
        val ONE_OF_EACH = mapOf("companies" to 1, "contacts" to 1, "deals" to 1, "notes" to 1, "tasks" to 1)
    }
}
