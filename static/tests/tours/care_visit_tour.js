import { registry } from "@web/core/registry";

const tours = registry.category("web_tour.tours");
const card = (text) => `.o_kanban_record:not(.o_kanban_ghost):contains(${text})`;

// A phone and one thumb: own part at one tap, done at one tap, not done with its reason at two.
tours.add("care_visit_my_day", {
    steps: () => [
        { content: "Mine come first", trigger: `${card("Samtal")}:first-child .o_care_visit_mine` },
        { trigger: `${card("Samtal")} .o_care_visit_how summary`, run: "click" },
        { trigger: `${card("Samtal")} details[open]:contains(Hon dukar)` },
        { trigger: `${card("Samtal")} button[name=action_done]`, run: "click" },
        { trigger: `${card("Samtal")} .badge.text-bg-success` },
        {
            content: "How much the client did, if there is time",
            trigger: `${card("Samtal")} .o_care_visit_prompt`,
            run: "click",
        },
        { trigger: `${card("Samtal")}:not(:has(.o_care_visit_prompt))` },
        { trigger: `${card("Dusch")} .o_care_visit_not_done summary`, run: "click" },
        { trigger: `${card("Dusch")} .o_care_visit_declined`, run: "click" },
        { trigger: `${card("Dusch")} .badge.text-bg-warning` },
    ],
});

tours.add("care_visit_my_day_empty", {
    steps: () => [
        { trigger: ".o_view_nocontent" },
        { trigger: "body:not(:has(.o_kanban_record:not(.o_kanban_ghost)))" },
    ],
});
