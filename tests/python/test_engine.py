"""Talks in, cards out, review, events and errors, from Python."""

import asyncio

import confee_domain as domain
import confee_ffi as confee
from support import STORY, TALK, EngineTest, Observer, field, talk

KEY = domain.FieldKey
ACTION = domain.ReviewAction


class Cards(EngineTest):
    async def test_a_talk_becomes_a_card(self):
        card = await self.open().add_conversation_json(STORY)
        self.assertEqual(card.stage, domain.Stage.DRAFTED)
        self.assertEqual(card.headline, "Owen Hartnell, Fenland Berry Farms")
        email = field(card, KEY.EMAIL())
        self.assertEqual(email.display, "o.hartnell@fenlandberry.co.uk")
        budget = field(card, KEY.BUDGET())
        self.assertEqual((budget.value[0].max, budget.value[0].currency), (150_000.0, "GBP"))

    async def test_every_field_cites_the_talk(self):
        card = await self.open().add_conversation_json(STORY)
        self.assertGreater(len(card.fields), 7)
        for each in card.fields:
            with self.subTest(each.label):
                self.assertTrue(0 < each.confidence <= 1)
                self.assertEqual(each.quote, cited(each.evidence))

    async def test_a_record_and_json_give_the_same_card(self):
        engine = self.open()
        segments = [
            domain.Segment(
                start_ms=said["start_ms"],
                end_ms=said["end_ms"],
                speaker=domain.Speaker[said["speaker"].upper()],
                text=said["text"],
            )
            for said in TALK["segments"]
        ]
        conversation = confee.Conversation(
            id=TALK["id"],
            captured_at=TALK["captured_at"],
            rep=domain.Rep(**TALK["rep"]),
            segments=segments,
        )
        card = await engine.add_conversation(conversation)
        self.assertEqual(await engine.add_conversation_json(STORY), card)
        self.assertEqual(len(await engine.leads(domain.LeadQuery())), 1)

    async def test_leads_are_listed_in_pages(self):
        engine = self.open()
        await asyncio.gather(*(engine.add_conversation(talk(n)) for n in range(7)))
        seen, after = [], None
        while page := await engine.leads(domain.LeadQuery(limit=3, after=after)):
            seen += [row.id for row in page]
            after = domain.PageMark(captured_at_ms=page[-1].captured_at_ms, id=page[-1].id)
        self.assertEqual(sorted(seen), [f"talk-{n:03}" for n in range(7)])


class Review(EngineTest):
    async def test_an_edit_keeps_what_was_extracted(self):
        engine = self.open()
        card = await engine.add_conversation_json(STORY)
        before = field(card, KEY.BUDGET()).display
        value = await engine.parse_value(card.id, KEY.BUDGET(), "90-110k EUR")
        card = await engine.review(card.id, ACTION.EDIT(key=KEY.BUDGET(), value=value))
        budget = field(card, KEY.BUDGET())
        self.assertEqual(budget.state, domain.FieldState.EDITED)
        self.assertEqual((budget.value[0].min, budget.value[0].max), (90_000.0, 110_000.0))
        self.assertEqual(budget.old_display, before)
        card = await engine.review(card.id, ACTION.UNDO())
        self.assertEqual(field(card, KEY.BUDGET()).display, before)

    async def test_a_field_can_be_confirmed_and_cleared(self):
        engine = self.open()
        card = await engine.add_conversation_json(STORY)
        await engine.review(card.id, ACTION.CONFIRM(key=KEY.NAME()))
        card = await engine.review(card.id, ACTION.EDIT(key=KEY.PHONE(), value=None))
        self.assertEqual(field(card, KEY.NAME()).state, domain.FieldState.CONFIRMED)
        self.assertEqual(field(card, KEY.NAME()).confidence, 1.0)
        self.assertEqual(field(card, KEY.PHONE()).state, domain.FieldState.CLEARED)
        self.assertIsNone(field(card, KEY.PHONE()).value)

    async def test_approved_leads_can_be_opened_again(self):
        engine = self.open()
        card = await self.approved(engine)
        self.assertEqual(card.stage, domain.Stage.APPROVED)
        card = await engine.review(card.id, ACTION.REOPEN())
        self.assertEqual(card.stage, domain.Stage.IN_REVIEW)
        reason = domain.RejectReason.DUPLICATE
        card = await engine.review(card.id, ACTION.REJECT(reason=reason))
        self.assertEqual(card.stage, domain.Stage.REJECTED)

    async def test_everything_is_there_after_a_restart(self):
        first = self.open()
        card = await first.add_conversation_json(STORY)
        name = domain.FieldValue.TEXT("Owen R. Hartnell")
        await first.review(card.id, ACTION.EDIT(key=KEY.NAME(), value=name))
        card = await first.review(card.id, ACTION.APPROVE())
        first.shutdown()
        del first
        again = self.open()
        self.assertEqual(await again.lead(card.id), card)
        self.assertIn("Owen R. Hartnell", await again.lead_json(card.id))


class Events(EngineTest):
    async def test_observers_get_a_snapshot_and_every_change(self):
        engine = self.open()
        await engine.add_conversation(talk(1))
        observer = Observer()
        subscription = engine.observe(observer)
        await observer.until(lambda event: event.is_LEAD() and event.card.id == "talk-001")
        await observer.until(lambda event: event.is_SYNC())
        await self.approved(engine)
        approved = await observer.until(
            lambda event: event.is_LEAD() and event.card.stage == domain.Stage.APPROVED
        )
        self.assertEqual(approved.card.id, TALK["id"])
        await engine.erase(TALK["id"])
        await observer.until(lambda event: event.is_ERASED() and event.id == TALK["id"])
        self.assertFalse(subscription.is_finished())

    async def test_a_cancelled_subscription_is_silent(self):
        engine = self.open()
        silent, loud = Observer(), Observer()
        cancelled, kept = engine.observe(silent), engine.observe(loud)
        await silent.until(lambda event: event.is_SYNC())
        cancelled.cancel()
        while not cancelled.is_finished():
            await asyncio.sleep(0.01)
        before = len(silent.events())
        await engine.add_conversation(talk(1))
        await loud.until(lambda event: event.is_LEAD())
        self.assertEqual(len(silent.events()), before)
        self.assertFalse(kept.is_finished())

    async def test_an_observer_that_raises_harms_nobody(self):
        class Broken(confee.EventObserver):
            def on_event(self, event):
                raise RuntimeError("the screen is gone")

        engine = self.open()
        broken, observer = engine.observe(Broken()), Observer()
        kept = engine.observe(observer)
        await engine.add_conversation(talk(1))
        await engine.add_conversation(talk(2))
        await observer.until(lambda event: event.is_LEAD() and event.card.id == "talk-002")
        self.assertFalse(broken.is_finished() or kept.is_finished())


class Errors(EngineTest):
    async def test_unknown_leads_are_not_found(self):
        with self.assertRaises(confee.ConfeeError.NotFound):
            await self.open().lead("nobody")

    async def test_unusable_input_is_refused(self):
        engine = self.open()
        with self.assertRaises(confee.ConfeeError.InvalidInput):
            await engine.add_conversation_json("{}")
        with self.assertRaises(confee.ConfeeError.InvalidInput):
            await engine.add_conversation_json(STORY.replace("+01:00", ""))
        card = await engine.add_conversation_json(STORY)
        with self.assertRaises(confee.ConfeeError.InvalidInput):
            await engine.parse_value(card.id, KEY.BUDGET(), "a lot of it")
        wrong = ACTION.EDIT(key=KEY.BUDGET(), value=domain.FieldValue.TEXT("plenty"))
        with self.assertRaises(confee.ConfeeError.InvalidInput):
            await engine.review(card.id, wrong)
        self.assertEqual(await engine.lead(card.id), card)

    async def test_actions_must_fit_the_stage(self):
        engine = self.open()
        card = await self.approved(engine)
        with self.assertRaises(confee.ConfeeError.NotAllowed):
            await engine.review(card.id, ACTION.EDIT(key=KEY.PHONE(), value=None))

    async def test_a_folder_is_opened_once(self):
        kept = self.open()
        with self.assertRaises(confee.ConfeeError.Locked):
            self.open()
        self.assertEqual(await kept.leads(domain.LeadQuery()), [])

    async def test_a_closed_engine_says_so(self):
        engine = self.open()
        card = await engine.add_conversation_json(STORY)
        engine.shutdown()
        engine.shutdown()
        with self.assertRaises(confee.ConfeeError.Closed):
            await engine.lead(card.id)
        with self.assertRaises(confee.ConfeeError.Closed):
            await engine.review(card.id, ACTION.APPROVE())
        report = await engine.sync_now().wait()
        self.assertTrue(report.cancelled)


def cited(evidence):
    """The words that spans point at; spans count characters as Python does."""
    segments = TALK["segments"]
    return " … ".join(segments[each.segment]["text"][each.start : each.end] for each in evidence)
