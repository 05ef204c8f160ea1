"""What the model tells apart. The order is the order of its outputs and is written into the shipped file."""

ENTITIES = "name title company email phone spell money time product".split()
ENTITY_KINDS = """name name.rep name.third title title.third company company.rep company.third email email.third phone phone.third
spell.name spell.company spell.other money.budget money.old money.price money.cost money.other time.buy time.old time.due time.other
rival.current rival.evaluating rival.past tool""".split()
CLAUSES = "pain step auth fund nolead".split()
STEP_KINDS = "demo call meeting email proposal trial sample intro visit".split()
CLAUSE_KINDS = ["pain", *(f"step.{kind}" for kind in STEP_KINDS), "auth.decision_maker", "auth.shared", "auth.influencer", "auth.none",
                "fund.available", "fund.none", "fund.undecided", "nolead"]
STEP_STATES = "step stepalso stepopen stepno".split()
ROLES = ["rep", "prospect"]
AUTHORITIES = ["-", "decision_maker", "shared", "influencer", "none"]
HEADS = {
    "entity": 1 + 2 * len(ENTITIES), "entity_kind": len(ENTITY_KINDS), "clause": 1 + 2 * len(CLAUSES),
    "clause_kind": len(CLAUSE_KINDS), "state": len(STEP_STATES), "role": len(ROLES), "lead": 2, "authority": len(AUTHORITIES),
}
# Of the whole window, read off its first token; the others are read off every token.
WHOLE = ("lead", "authority")


def entity_class(mark):
    return ENTITIES.index("product" if mark.tag in ("rival", "tool") else mark.tag)


def entity_kind(mark):
    return ENTITY_KINDS.index(f"{mark.tag}.{mark.kind}" if mark.kind else mark.tag)


def clause_class(mark):
    return CLAUSES.index("step" if mark.tag in STEP_STATES else mark.tag)


def clause_kind(mark):
    tag = "step" if mark.tag in STEP_STATES else mark.tag
    return CLAUSE_KINDS.index(f"{tag}.{mark.kind}" if mark.kind else tag)


def state(mark):
    return STEP_STATES.index(mark.tag) if mark.tag in STEP_STATES else None
