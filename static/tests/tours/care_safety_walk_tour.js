import { registry } from "@web/core/registry";

const badge = (field, value) => `.o_field_widget[name=${field}] .o_selection_badge[value*=${value}]`;
const followed = (place) => `.o_field_widget[name=followed_point_ids] .o_kanban_record:contains(${place})`;

// A walk on a phone: what is to be mended since last time comes along, a new point takes five taps.
registry.category("web_tour.tours").add("care_safety_walk_tour", {
    steps: () => [
        { content: "open the planned walk", trigger: ".o_kanban_record:contains(Björkbacken)", run: "click" },
        { content: "start walking", trigger: "button[name=action_open]", run: "click" },
        { trigger: "button[name=action_new_point]" },
        { content: "it is dark", trigger: badge("light", "dark"), run: "click" },
        { trigger: `${badge("light", "dark")}.active` },
        { content: "what followed from last time", trigger: ".o_notebook a[name=followed]", run: "click" },
        {
            content: "the lamp is still broken",
            trigger: `${followed("Cykelbanan")} button[name=action_seen_again]`,
            run: "click",
        },
        { content: "it is noted", trigger: `${followed("Cykelbanan")} .text-success:visible` },
        {
            content: "the bushes are cut",
            trigger: `${followed("Gångvägen")} button[name=action_done]`,
            run: "click",
        },
        { content: "done at once", trigger: `${followed("Gångvägen")}:not(:has(button[name=action_done]))` },
        { content: "a new point", trigger: "button[name=action_new_point]:enabled", run: "click" },
        { content: "litter", trigger: `.modal ${badge("category", "litter")}`, run: "click" },
        { trigger: ".modal .o_field_widget[name=place] input", run: "edit Återvinningen" },
        { content: "save and on to the next", trigger: ".modal button[name=action_next]", run: "click" },
        { trigger: ".modal .o_field_widget[name=category]:not(:has(.active))" },
        { trigger: `.modal ${badge("category", "meeting_place")}`, run: "click" },
        { trigger: ".modal .o_field_widget[name=place] input", run: "edit Torget" },
        { content: "it is good", trigger: ".modal .o_field_widget[name=good] input", run: "click" },
        { trigger: ".modal .care_save", run: "click" },
        { trigger: "body:not(:has(.modal)) .o_notebook a[name=points]", run: "click" },
        {
            content: "all three are there",
            trigger: ".o_field_widget[name=point_ids] .o_kanban_record:contains(Torget)",
        },
        {
            content: "the lamp is a repetition",
            trigger: ".o_field_widget[name=point_ids] .o_kanban_record:contains(Cykelbanan) .text-bg-light",
        },
        { content: "more buttons", trigger: ".o_statusbar_buttons button:has(.oi-ellipsis-v)", run: "click" },
        {
            content: "close the walk",
            trigger: ".o-dropdown-item button[name=action_close], button[name=action_close]",
            run: "click",
        },
        { trigger: ".modal .btn-primary", run: "click" },
        { content: "the protocol can be printed", trigger: "button[name=action_print_protocol]" },
    ],
});
