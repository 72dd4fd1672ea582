import { registry } from "@web/core/registry";

import { sign } from "./care_plan_tour";

const tours = registry.category("web_tour.tours");
const card = (text) => `.o_kanban_record:not(.o_kanban_ghost):contains(${text})`;

// The next morning, with one thumb: what I am chosen for comes first.
tours.add("care_plan_chain_morning", {
    steps: () => [
        { trigger: `${card("Morning routine")}:first-child .o_care_visit_mine` },
        { trigger: `${card("Morning routine")} button[name=action_done]`, run: "click" },
        { trigger: `${card("Morning routine")} .badge.text-bg-success` },
        { trigger: `${card("Rent and mail")} .o_care_visit_not_done summary`, run: "click" },
        { trigger: `${card("Rent and mail")} .o_care_visit_declined`, run: "click" },
        { trigger: `${card("Rent and mail")} .badge.text-bg-warning` },
    ],
});

// A month later: the next version, what it changes, and both sign again.
tours.add("care_plan_chain_revise", {
    steps: () => [
        { trigger: ".o_statusbar_buttons button[name=action_revise]", run: "click" },
        { trigger: ".o_arrow_button_current[data-value=draft]" },
        { trigger: ".o_notebook .nav-link[name=lines]", run: "click" },
        {
            trigger:
                ".o_field_widget[name=line_ids] .o_data_row:contains(Morning routine) .o_data_cell[name=name]",
            run: "click",
        },
        { trigger: ".modal .o_field_widget[name=how] textarea", run: "edit Börja med kaffe" },
        { trigger: ".modal .o_form_button_save", run: "click" },
        { trigger: "body:not(:has(.modal))" },
        { trigger: ".o_form_button_save", run: "click" },
        { trigger: ".o_notebook .nav-link[name=changes]", run: "click" },
        { trigger: ".o_field_widget[name=changes]:contains(Börja med kaffe)" },
        { trigger: ".o_statusbar_buttons button[name=action_propose]", run: "click" },
        { trigger: ".o_arrow_button_current[data-value=proposed]" },
        ...sign("Astrid Ek"),
        { trigger: ".o_field_widget[name=signature_status]:contains(:)" },
        ...sign("north_staff"),
        { trigger: ".o_arrow_button_current[data-value=active]" },
    ],
});
