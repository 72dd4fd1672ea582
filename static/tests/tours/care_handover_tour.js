import { registry } from "@web/core/registry";

// The morning at telephone width: what the night handed over stands above the day, and one tap confirms it.
registry.category("web_tour.tours").add("care_handover_my_day", {
    steps: () => [
        {
            content: "The one that has waited half the day is red and comes first",
            trigger:
                ".o_care_handover_banner .o_care_handover:first-of-type[data-colour=danger]:contains(Ring)",
        },
        { trigger: ".o_care_handover:contains(Astrid Ek)" },
        { trigger: ".o_care_handover[data-colour=danger] .o_care_handover_read", run: "click" },
        {
            content: "It is confirmed and gone, the other one is left",
            trigger: ".o_care_handover_banner:not(:has([data-colour=danger])) .o_care_handover:contains(Gå)",
        },
        { trigger: ".o_care_handover .o_care_handover_read", run: "click" },
        { trigger: ".o_kanban_view:not(:has(.o_care_handover_banner))" },
    ],
});

// At a desk, where the day may be read as a list.
registry.category("web_tour.tours").add("care_handover_my_day_list", {
    steps: () => [
        { trigger: ".o_kanban_view .o_care_handover" },
        { trigger: ".o_switch_view.o_list", run: "click" },
        { trigger: ".o_list_view .o_care_handover:contains(Ring) .o_care_handover_read", run: "click" },
        { trigger: ".o_list_view:not(:has(.o_care_handover_banner))" },
    ],
});
