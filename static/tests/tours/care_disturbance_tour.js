import { registry } from "@web/core/registry";

// A disturbance on a phone: the address has been here before; the tenant is spoken with.
registry.category("web_tour.tours").add("care_disturbance_tour", {
    steps: () => [
        { content: "a new case", trigger: ".o-kanban-button-new", run: "click" },
        { trigger: ".o_field_widget[name=address] input", run: "edit björkvägen 1 lägenhet 1203" },
        { trigger: ".o_field_widget[name=area_id] input", run: "edit Björk" },
        {
            trigger: ".dropdown-item:contains(Björkbacken), .o_kanban_record:contains(Björkbacken)",
            run: "click",
        },
        { trigger: ".o_field_widget[name=verified] .o_selection_badge[value*=heard]", run: "click" },
        {
            trigger: ".o_field_widget[name=measures] textarea",
            run: "edit Vi ringde på. Musiken sänktes.",
        },
        { trigger: ".o_form_button_save", run: "click" },
        { content: "seen before", trigger: "button[name=action_open_same_address]:contains(1)" },
        { content: "we spoke with the tenant", trigger: "button[name=action_conversation]", run: "click" },
        { content: "the next step is a letter", trigger: "button[name=action_first_letter]" },
        { trigger: ".o_field_widget[name=ladder_step]" },
    ],
});
