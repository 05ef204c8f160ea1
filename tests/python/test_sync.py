"""From Python into a CRM and a webhook."""

import confee_domain as domain
import confee_ffi as confee
from support import OFFLINE, ONLINE, EngineTest, Observer, Sandbox

ONE_OF_EACH = {"companies": 1, "contacts": 1, "deals": 1, "notes": 1, "tasks": 1}


class Tokens(confee.TokenSource):
    """Hands out what it was told to, or raises it."""

    def __init__(self, **tokens):
        self.tokens = tokens
        self.asked = []

    def token(self, connection_id):
        self.asked.append(connection_id)
        token = self.tokens[connection_id]
        if isinstance(token, Exception):
            raise token
        return token


class Sync(EngineTest):
    @classmethod
    def setUpClass(cls):
        cls.sandbox = Sandbox()
        cls.addClassCleanup(cls.sandbox.close)

    def setUp(self):
        super().setUp()
        self.sandbox.reset()

    def account(self):
        return confee.HubSpotAccount(base_url=self.sandbox.hubspot_url)

    def target(self):
        return confee.WebhookTarget(url=self.sandbox.webhook_url, allow_private=True)

    async def settled(self, engine):
        """Waits until nothing is left to send, retries included."""
        observer = Observer()
        subscription = engine.observe(observer)
        await observer.until(lambda event: event.is_SYNC() and event.status.waiting == 0)
        subscription.cancel()

    async def test_an_approved_lead_arrives_once(self):
        engine = self.open()
        tokens = Tokens(webhook=self.sandbox.webhook_secret)
        engine.connect_hubspot_with_token(self.account(), self.sandbox.hubspot_token)
        engine.connect_webhook(self.target(), tokens)
        await self.approved(engine)
        engine.set_network(ONLINE)
        await engine.sync_now().wait()
        await engine.sync_now().wait()
        state = self.sandbox.state()
        self.assertEqual(state["portal"]["counts"], ONE_OF_EACH)
        self.assertEqual(state["portal"]["duplicates"], [])
        (event,) = state["webhooks"]["leads"]["events"]
        self.assertTrue(event["valid"] and event["deliveries"] == 1, event)
        self.assertIn("webhook", tokens.asked)
        status = engine.sync_status()
        self.assertEqual((status.waiting, status.needs_person, status.troubles), (0, 0, []))

    async def test_nothing_leaves_before_there_is_a_network(self):
        engine = self.open()
        engine.connect_hubspot_with_token(self.account(), self.sandbox.hubspot_token)
        await self.approved(engine)
        report = await engine.sync_now().wait()
        self.assertEqual(report.done, 0)
        self.assertGreater(report.waiting, 0)
        engine.set_network(domain.NetworkState(online=True, metered=True, low_data=False))
        await engine.sync_now().wait()
        self.assertEqual(self.sandbox.state()["totals"]["requests"], 0)
        engine.set_allow_metered(True)
        await engine.sync_now().wait()
        self.assertEqual(self.sandbox.counts(), ONE_OF_EACH)

    async def test_a_lost_answer_makes_no_second_contact(self):
        rule = {
            "match": {"method": "POST", "path_contains": "/contacts"},
            "when": {"next": 1},
            "fault": {"kind": "drop_after_apply"},
        }
        self.sandbox.faults(rule)
        engine = self.open()
        engine.connect_hubspot_with_token(self.account(), self.sandbox.hubspot_token)
        engine.set_network(ONLINE)
        await self.approved(engine)
        await self.settled(engine)
        state = self.sandbox.state()
        self.assertEqual(state["totals"]["faults"], 1)
        self.assertEqual(state["portal"]["counts"], ONE_OF_EACH)

    async def test_a_token_source_may_refuse_and_may_fail(self):
        tokens = Tokens(hubspot=confee.TokenUnavailable.SignedOut())
        engine = self.open()
        engine.connect_hubspot(self.account(), tokens)
        await self.approved(engine)
        engine.set_network(ONLINE)
        await engine.sync_now().wait()
        (trouble,) = engine.sync_status().troubles
        self.assertEqual((trouble.connector, trouble.code), ("hubspot", "signed_out"))
        tokens.tokens["hubspot"] = RuntimeError("the keychain is gone")
        engine.credentials_changed("hubspot")
        await engine.sync_now().wait()
        self.assertEqual(self.sandbox.state()["totals"]["requests"], 0)
        tokens.tokens["hubspot"] = self.sandbox.hubspot_token
        engine.credentials_changed("hubspot")
        await self.settled(engine)
        self.assertEqual(self.sandbox.counts(), ONE_OF_EACH)

    async def test_a_restart_between_approval_and_network_loses_nothing(self):
        engine = self.open()
        engine.connect_hubspot_with_token(self.account(), self.sandbox.hubspot_token)
        engine.set_network(OFFLINE)
        await self.approved(engine)
        engine.shutdown()
        del engine
        engine = self.open()
        engine.connect_hubspot_with_token(self.account(), self.sandbox.hubspot_token)
        engine.set_network(ONLINE)
        await engine.sync_now().wait()
        self.assertEqual(self.sandbox.counts(), ONE_OF_EACH)

    async def test_connections_are_checked(self):
        engine = self.open()
        plain = confee.WebhookTarget(url="http://hooks.example.com/leads")
        with self.assertRaises(confee.ConfeeError.Connection):
            engine.connect_webhook(plain, Tokens(webhook=self.sandbox.webhook_secret))
        with self.assertRaises(confee.ConfeeError.NotFound):
            engine.disconnect("hubspot")
