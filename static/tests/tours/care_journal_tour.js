import { browser } from "@web/core/browser/browser";
import { rpc } from "@web/core/network/rpc";
import { registry } from "@web/core/registry";
import { session } from "@web/session";

const tours = registry.category("web_tour.tours");
const card = (text) => `.o_kanban_record:not(.o_kanban_ghost):contains(${text})`;

async function becomes(textarea, wanted) {
    for (let wait = 0; wait < 50 && textarea.value !== wanted; wait++) {
        await new Promise((resolve) => setTimeout(resolve, 100));
    }
    if (textarea.value !== wanted) {
        throw new Error(`It says: ${textarea.value}`);
    }
}

const pause = (seconds) => new Promise((resolve) => setTimeout(resolve, seconds * 1000));

const logIn = (login) =>
    rpc("/web/session/authenticate", { db: session.db, login, password: login }, { silent: true });

/** The draft says on the server, too, what it says on the page. */
const saved = (text) => ({
    content: `Saved: ${text}`,
    trigger: "body",
    async run() {
        const domain = [["body", "=", text]];
        const params = { model: "care.journal.entry", method: "search_count", args: [domain], kwargs: {} };
        for (let wait = 0; wait < 40; wait++) {
            if (await rpc("/web/dataset/call_kw/care.journal.entry/search_count", params)) {
                return;
            }
            await pause(0.2);
        }
        throw new Error(`The server has not saved: ${text}`);
    },
});

const says = (text) => ({
    content: `Still on the page: ${text}`,
    trigger: ".o_care_note_body textarea",
    run: ({ anchor }) => becomes(anchor, text),
});

const write = (text) => ({ trigger: ".o_care_note_body textarea", run: `edit ${text}` });

// Three taps from My Day: write, a phrase or own words, sign.
tours.add("care_journal_write_from_my_day", {
    steps: () => [
        { content: "First tap", trigger: `${card("Samtal")} .o_care_visit_note`, run: "click" },
        {
            content: "The cursor waits in the text",
            trigger: ".o_care_note_body textarea:focus",
            run: "edit Det gick bra.",
        },
        {
            content: "Second tap: the unit's own words",
            trigger: ".o_field_widget[name=phrase_id] .o_selection_badge:contains(Fika)",
            run: "click",
        },
        {
            content: "Added to what was written",
            trigger: ".o_care_note_body textarea",
            run: ({ anchor }) => becomes(anchor, "Det gick bra.\nVi fikade."),
        },
        { content: "Third tap", trigger: "button[name=action_sign]", run: "click" },
        {
            trigger:
                ".o_arrow_button_current[data-value=signed], .o_statusbar_status:contains(Signed), .o_statusbar_status:contains(Signerad)",
        },
        { content: "Fixed", trigger: "body:not(:has(.o_care_note_body textarea))" },
    ],
});

// What is typed is on the server soon after, with nothing pressed: reload and it is there.
tours.add("care_journal_survives_a_reload", {
    steps: () => [
        { trigger: "button[name=action_write_note]", run: "click" },
        { trigger: ".o_care_note_body textarea:focus", run: "edit Halvskriven" },
        {
            content: "Saved by itself",
            trigger: "body",
            async run() {
                await new Promise((resolve) => setTimeout(resolve, 3000));
            },
        },
    ],
});

tours.add("care_journal_after_the_reload", {
    steps: () => [
        { trigger: `${card("Halvskriven")}`, run: "click" },
        {
            trigger: ".o_care_note_body textarea",
            run: ({ anchor }) => becomes(anchor, "Halvskriven"),
        },
    ],
});

// The session ends in the middle of a sentence: the text stays, another's login does not save it, one's own does.
tours.add("care_journal_survives_a_logout", {
    steps: () => [
        { trigger: "button[name=action_write_note]", run: "click" },
        { trigger: ".o_care_note_body textarea:focus", run: "edit Halvskriven" },
        saved("Halvskriven"),
        { trigger: "body", run: () => rpc("/web/session/destroy") },
        write("Halvskriven, och mer"),
        { trigger: ".o_care_waits_for_login button" },
        says("Halvskriven, och mer"),
        {
            content: "Somebody else takes the telephone",
            trigger: "body",
            async run() {
                await logIn("north_colleague");
                await pause(6);
            },
        },
        { trigger: ".o_care_waits_for_login" },
        says("Halvskriven, och mer"),
        { trigger: "body", run: () => logIn("north_staff") },
        { trigger: "body:not(:has(.o_care_waits_for_login))" },
        saved("Halvskriven, och mer"),
    ],
});

// The server is gone for a while, as when it crashes: what is typed meanwhile is saved when it is back.
const XMLHttpRequest = browser.XMLHttpRequest;
class Unanswered extends XMLHttpRequest {
    send() {
        setTimeout(() => this.dispatchEvent(new Event("error")));
    }
}

tours.add("care_journal_survives_a_crash", {
    steps: () => [
        { trigger: "button[name=action_write_note]", run: "click" },
        { trigger: ".o_care_note_body textarea:focus", run: "edit Halvskriven" },
        saved("Halvskriven"),
        { trigger: "body", run: () => (browser.XMLHttpRequest = Unanswered) && undefined },
        write("Halvskriven, och mer"),
        { trigger: ".o_care_waits_for_server" },
        says("Halvskriven, och mer"),
        { trigger: "body", run: () => (browser.XMLHttpRequest = XMLHttpRequest) && undefined },
        { trigger: "body:not(:has(.o_care_waits_for_server))" },
        saved("Halvskriven, och mer"),
    ],
});

// A colleague reads what is new, and strikes her own note.
tours.add("care_journal_timeline", {
    steps: () => [
        { trigger: "button[name=action_open_timeline]", run: "click" },
        { trigger: `${card("Det gick bra.")}`, run: "click" },
        { trigger: "button[name=action_sign]:not(:visible), body:not(:has(.o_care_note_body textarea))" },
    ],
});
