import { registry } from "@web/core/registry";
import { stepUtils } from "@web_tour/tour_utils";

// A walk on a phone: what is to be mended since last time comes along, a new point takes five taps.
registry.category("web_tour.tours").add("care_safety_walk_tour", {
    steps: () => [
        { content: "open the planned walk", trigger: ".o_kanban_record:contains(Björkbacken)", run: "click" },
        { content: "start walking", trigger: "button[name=action_open]", run: "click" },
        { trigger: "button[name=action_new_point]" },
        {
            content: "it is dark",
            trigger: ".o_field_widget[name=light] .o_selection_badge:contains(Dark)",
            run: "click",
        },
        { trigger: ".o_field_widget[name=light] .o_selection_badge.active:contains(Dark)" },
        {
            content: "what followed from last time",
            trigger: ".o_notebook a:contains(From Earlier Walks)",
            run: "click",
        },
        {
            content: "the lamp is still broken",
            trigger: ".o_kanban_record:contains(Cykelbanan) button[name=action_seen_again]",
            run: "click",
        },
        { content: "it is noted", trigger: ".o_kanban_record:contains(Cykelbanan) .text-success:visible" },
        {
            content: "the bushes are cut",
            trigger: ".o_kanban_record:contains(Gångvägen) button[name=action_done]",
            run: "click",
        },
        { content: "done at once", trigger: ".o_kanban_record:contains(Gångvägen):contains(Done)" },
        { content: "a new point", trigger: "button[name=action_new_point]:enabled", run: "click" },
        {
            content: "a light",
            trigger: ".modal .o_field_widget[name=category] .o_selection_badge:contains(Litter)",
            run: "click",
        },
        { trigger: ".modal .o_field_widget[name=place] input", run: "edit Återvinningen" },
        { content: "save and on to the next", trigger: ".modal button[name=action_next]", run: "click" },
        { trigger: ".modal .o_field_widget[name=category]:not(:has(.active))" },
        {
            trigger: ".modal .o_field_widget[name=category] .o_selection_badge:contains(Meeting)",
            run: "click",
        },
        { trigger: ".modal .o_field_widget[name=place] input", run: "edit Torget" },
        { content: "it is good", trigger: ".modal .o_field_widget[name=good] input", run: "click" },
        { trigger: ".modal button:contains(Save):not([name=action_next])", run: "click" },
        { trigger: "body:not(:has(.modal)) .o_notebook a:contains(Points)", run: "click" },
        {
            content: "all three are there",
            trigger: ".o_field_widget[name=point_ids] .o_kanban_record:contains(Torget)",
        },
        { trigger: ".o_field_widget[name=point_ids] .o_kanban_record:contains(Seen before)" },
        ...stepUtils.statusbarButtonsSteps("Close", "close the walk"),
        { trigger: ".modal .btn-primary", run: "click" },
        { content: "the protocol can be printed", trigger: "button[name=action_print_protocol]" },
    ],
});
