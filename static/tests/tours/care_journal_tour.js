import { registry } from "@web/core/registry";

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

// A colleague reads what is new, and strikes her own note.
tours.add("care_journal_timeline", {
    steps: () => [
        { trigger: "button[name=action_open_timeline]", run: "click" },
        { trigger: `${card("Det gick bra.")}`, run: "click" },
        { trigger: "button[name=action_sign]:not(:visible), body:not(:has(.o_care_note_body textarea))" },
    ],
});
