"""Which goals depend on the customer, by the words of their titles: both sides of the rule."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.coaching.goals.sales_words import DECISIONS, begins_with_own_act, customers_words

THE_CUSTOMERS = (
    "Close Acme",
    "Win the Acme deal",
    "Win 3 deals",
    "Get Acme to sign",
    "Acme signs by Friday",
    "Sign two new logos",
    "Get a meeting with the CFO",
    "Gets a meeting",
    "5 meetings",
    "Book 5 meetings",
    "A meeting with the CFO",
    "Get them to buy",
    "Get 3 replies",
    "Hit quota",
    "Make 110% of quota",
    "Hit my number",
    "Beat the target",
    "$50k revenue",
    "3 signed contracts",
    "Move Acme to stage 4",
    "Call Acme and get a meeting",
    "Send a plan and get it signed",
    "Call Acme until they sign",
    "Call Acme until they answer",
    "5 calls that get a meeting",
    "3 demos that close",
    "Plan to close Acme by Friday",
    "I will win Acme",
    "Try to close Acme",
    "Work on closing Acme",
    "Focus on winning Globex",
    "Help Acme sign",
    "Raise my win rate by 5 points",
    "Closed-won: 3",
    "Make 3 sales",
    "Renew Globex",
    "Land Initech",
    "Have Acme agree: signed",
    "Push the renewal through",
    "Customer approves the proposal",
    "Acme agrees to a pilot",
    "Make Acme buy",
    "Upsell Globex",
    "Schedule a demo with Acme",
    "Get access to the CFO",
    "Secure the budget",
    "Lose fewer deals",
    "Bring in two new customers",
    "Send the proposal; Acme accepts it",
    "Selling 5 licences",
    "Close the Initech renewal this month",
    "Sign Globex",
    "Win back Umbrella",
    "Get 2 signed orders by Friday",
    "10% more revenue",
    "Increase revenue",
    "Bring Acme to signature",
    "Move 3 deals to Proposal stage",
    "Get the decision from Ms Lee",
    "Book 3 demos with new accounts",
    "Set up a meeting with the CFO",
    "Land 2 logos",
    "Grow revenue per customer",
    "Reach my goal",
    "Have the customer sign the contract",
    "2 wins",
    "One win",
    "Wins: 2",
    "Shorten my sales cycle and close faster",
    "Send 3 proposals, win one",
    "Send 3 proposals that win",
    "Get a yes from Acme",
    "Convince Acme to buy",
    "Persuade the CFO to sign",
    "Receive 3 answers",
    "Acme closes",
    "Globex to sign by 30 June",
    "Ensure Acme signs",
    "Make sure that Acme signs",
    "Achieve quota",
    "Get 5 prospects to accept a demo",
    "Earn a meeting with procurement",
    "Call until I get a meeting",
    "Stage 4 for Globex",
    "Get it closed",
    "Get budget approval at Acme",
    "Turn 2 pilots into sales",
    "Have 5 meetings",
    "Have Ms Lee agree to a pilot",
    "Double my bookings",
    "Have the CFO to lunch and get the order",
    "Win one deal a week",
    "Sell the new module to Acme",
    "Expand Globex: 2 new seats sold",
    "100k in closed business",
    "Make sure Initech renews",
    "Get Globex over the line and closed",
    "Secure a demo with three accounts",
    "Bring 2 deals into stage Demo",
    "Customers sign 2 pilots",
    "Purchase order from Acme",
    "Signature of the CFO on the plan",
    "Beat last quarter's number",
    "Acme's CFO replies",
    "Convert 3 trials",
)

THE_REPS_OWN = (
    "send closure plan to Acme's CFO by Fri and ask for edits",
    "Send Acme a closure plan",
    "make 10 extra discovery calls a week for 4 weeks",
    "run 3 recorded pricing role-plays by 30 Nov, rubric ≥ 3/5",
    "Practise closing questions",
    "Win plan review",
    "Closing role-plays: 5",
    "3 closing role-plays",
    "Review my won deals",
    "Review the stage of my five deals",
    "Update the stage in the CRM",
    "Stage review with my manager",
    "Ask for the order",
    "Ask Acme to sign",
    "Ask Acme for a meeting",
    "Prepare the meeting with the CFO",
    "Attend the team meeting",
    "Prepare 5 meetings",
    "42 calls",
    "12 more discovery calls",
    "10 calls to customers who signed last year",
    "10 calls to accounts that closed last year",
    "Call Acme to get a meeting",
    "Send the plan so that Acme signs",
    "Sign up for the pricing course",
    "Stay close to Acme's buyers",
    "Lost deal review",
    "Closed-lost analysis",
    "Read the quota chapter",
    "Draft the win story",
    "Sales training: 2 modules",
    "Read the sales playbook",
    "Write a close plan for Acme",
    "Renew my certification",
    "Practise until I pass the test",
    "Learn how to close",
    "10 calls to early-stage accounts",
    "Practising objection handling",
    "Get better at discovery",
    "Get myself to call before nine",
    "Shadow two closing calls",
    "Email 20 prospects",
    "Watch 2 winning calls",
    "Close my open tasks",
    "Meeting notes for 5 accounts",
    "Hold a coaching session",
    "become a world-class negotiator",
    "Map the buying committee",
    "Invite the CFO to a demo",
    "Offer three dates for a meeting",
    "Complete the pricing course",
    "5 sales calls",
    "Log every signed contract",
    "Ask for the sale on every call",
    "Send the contract for signature",
    "Send the signed NDA back",
    "Deliver the win-loss review",
    "Do 3 win-loss interviews",
    "Hold 2 role-plays on closing",
    "2 practice sessions on closing questions",
    "Write down what won the Acme deal",
    "Build a mutual close plan",
    "Share the closure plan with Acme",
    "Give Acme a closure plan",
    "Block two hours for prospecting",
    "Book time with my manager for a deal review",
    "Set aside an hour to prepare the demo",
    "Schedule an hour of prospecting every morning",
    "Have my deck reviewed",
    "Bring a closing plan to the 1:1",
    "Get the deck ready for Acme",
    "Make a list of 20 accounts",
    "Make 20 calls before noon",
    "Make five offers of a meeting",
    "Use the closing checklist on 3 calls",
    "Try the new closing script on 5 calls",
    "Add verifiers to all open deals",
    "Work through the negotiation course",
    "Do a stage-by-stage review of my pipeline",
    "Revenue story rehearsal",
    "Revisit the loss reasons of five deals",
    "Talk to 3 won customers about why they bought",
    "Interview two customers who bought",
    "Quarterly plan review with my manager",
    "Sign off the plan with my manager",
    "Agree a plan with my manager",
    "Order the negotiation book",
    "Finish the closing course",
    "Complete two modules of the closing course",
    "Do 5 cold calls to accounts with signed NDAs",
    "Set up 3 call blocks",
    "Have my manager review the deck",
    "Reach out to 20 accounts",
    "Reach 20 accounts by phone",
    "Hit the phones every morning at nine",
    "Make a plan for the Acme meeting",
    "Meet with my mentor twice",
    "Get certified in pricing",
    "Collect three loss stories from colleagues",
    "Ask three customers for a referral",
    "Send 5 renewal reminders",
    "Prepare the renewal offer for Globex",
    "Rework the sales deck",
    "Role-play the close with a colleague",
    "Run one demo rehearsal a week",
    "Visit Acme's buyers twice",
    "Propose three meeting dates to Acme's CFO",
    "Have two coaching sessions on closing",
    "Build a business case for Acme's CFO",
    "Find 20 new accounts",
    "Give two demos a week",
    "Phone 15 lost customers",
    "2 sessions of negotiation practice with the playbook",
    "Hold myself to 5 follow-ups a day",
)


@pytest.mark.parametrize("title", THE_CUSTOMERS)
def test_a_goal_that_a_customer_decides_is_a_sales_goal(title):
    assert customers_words(title) is not None


@pytest.mark.parametrize("title", THE_REPS_OWN)
def test_a_goal_that_only_needs_the_reps_yes_is_none(title):
    assert customers_words(title) is None


@pytest.mark.parametrize(
    ("title", "words"),
    [
        ("Close Acme", "close"),
        ("Get a meeting with the CFO", "get meeting"),
        ("Get them to buy", "buy"),
        ("Get Acme to agree", "get acme to"),
        ("Hit my number", "hit number"),
        ("5 meetings", "meetings"),
        ("Call Acme until they answer", "answer"),
        ("5 demos that lead to a pilot", "lead"),
    ],
)
def test_the_words_found_are_told(title, words):
    assert customers_words(title) == words


def test_the_playbooks_own_names_are_never_the_customers():
    assert customers_words("5 intro meetings", ["Intro meeting"]) is None
    assert customers_words("3 win rooms", ["Win room"]) is None
    assert customers_words("3 win rooms") == "win"
    assert customers_words("3 win rooms until Acme signs", ["Win room", " "]) == "signs"


@pytest.mark.parametrize("title", ["", "  ", "5", "...", "get", "until", "calls that", "to", "I"])
def test_a_title_that_says_nothing_names_no_customer(title):
    assert customers_words(title) is None


@given(
    st.sampled_from(sorted(DECISIONS)), st.sampled_from(("Send", "practise", "Review", "I will prepare", "Asking for"))
)
def test_an_act_of_the_reps_is_own_whatever_it_is_about(decision, act):
    assert customers_words(f"{act} the {decision} of Acme") is None


@given(st.sampled_from(sorted(DECISIONS - {"sales", "close"})), st.sampled_from(("Acme", "Ms Lee", "the board")))
def test_a_decision_that_nothing_else_explains_is_the_customers(decision, who):
    assert customers_words(f"{who} {decision}") is not None


@pytest.mark.parametrize(
    ("title", "own"),
    [("Review 5 deals", True), ("I plan to call Acme", True), ("5 calls", True), ("Win Acme", False), ("5", False)],
)
def test_an_own_act_stands_first_but_for_numbers_and_intentions(title, own):
    assert begins_with_own_act(title) is own


@given(st.text(max_size=80))
def test_any_text_can_be_read(title):
    found = customers_words(title)
    assert found is None or found != ""
